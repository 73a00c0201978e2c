# fleetsh: `make` builds into $(BUILD); `make help` lists the targets.
BUILD  ?= build
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC = gcc
endif

include scripts/build.mk
