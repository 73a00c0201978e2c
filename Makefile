# fleetsh: `make` builds into $(BUILD); `make help` lists the targets.
BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= gcc

include scripts/build.mk
