#!/usr/bin/env bash
# Drives the simulator with AWS's own JavaScript chat SDK; installs what it needs in a scratch folder.

quotas=1
. "$(dirname "$0")/start.sh"

cp "$(dirname "$0")/chat-sdk.mjs" "$scratch/"
cd "$scratch"
npm install --silent --no-save --prefix . amazon-ivs-chat-messaging@1 @aws-sdk/client-ivschat@3 ws@8
node chat-sdk.mjs
