# Starts the simulator for the checks beside this file and points AWS tools at it; to be sourced. The command that
# starts it is in the arguments, `cargo run --quiet -- simulate` if there are none.

set -euo pipefail

scratch=$(mktemp -d)
ready="$scratch/ready.json"
if [ $# -eq 0 ]; then
    set -- cargo run --quiet -- simulate
fi
"$@" --listen 127.0.0.1:0 --quotas "${quotas:-off}" --ready-file "$ready" >"$scratch/line" &
simulator=$!
trap 'kill "$simulator" 2>"$scratch/noise" || true; rm -rf "$scratch"' EXIT

while [ ! -e "$ready" ]; do
    kill -0 "$simulator" || { echo "the simulator did not start" >&2; exit 1; }
    sleep 0.1
done

member() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$ready" "$1"; }
AWS_ENDPOINT_URL=$(member endpoint)
IVSCHAT_MESSAGING_ENDPOINT=$(member messaging_endpoint)
AWS_DEFAULT_REGION=$(member region)
AWS_REGION=$AWS_DEFAULT_REGION
AWS_ACCESS_KEY_ID=$(member access_key_id)
AWS_SECRET_ACCESS_KEY=$(member secret_access_key)
export AWS_ENDPOINT_URL IVSCHAT_MESSAGING_ENDPOINT AWS_DEFAULT_REGION AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
# Nothing of the caller's own AWS set-up shall play a part.
export AWS_CONFIG_FILE="$scratch/none" AWS_SHARED_CREDENTIALS_FILE="$scratch/none" AWS_EC2_METADATA_DISABLED=true
export AWS_PAGER="" AWS_MAX_ATTEMPTS=1
unset AWS_PROFILE AWS_SESSION_TOKEN
