#!/usr/bin/env bash
# Drives the simulator with boto3: every page of the list of rooms, and a typed error.

. "$(dirname "$0")/start.sh"
python3 "$(dirname "$0")/boto3-pages.py"
