# fish's completion of fleetsh-router.
complete -c fleetsh-router -f -a start -d "Starts what is missing of a router"
complete -c fleetsh-router -f -a stop -d "Ends what start has started"
complete -c fleetsh-router -f -a status -d "Tells what runs"
complete -c fleetsh-router -f -a policy -d "Says who may start which VMs there"
complete -c fleetsh-router -f -a env -d "Prints the variables by which fleetsh finds it"
