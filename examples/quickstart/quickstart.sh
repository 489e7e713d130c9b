#!/usr/bin/env bash
# Two people say hello, by curl: examples/quickstart/quickstart.sh URL ANA PASSWORD BOB
set -euo pipefail
url=$1 username=$2 password=$3 other=$4
field() { python3 -c 'import json, sys; value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[int(name) if name.isdigit() else name]
print(value)' "$1"; }

token=$(curl -fsS "$url/token" -d grant_type=password --data-urlencode "username=$username" --data-urlencode "password=$password" | field access_token)
ask() { curl -fsS -H "Authorization: Bearer $token" -H "Content-Type: application/json" "$@"; }
user=$(ask "$url/v1/users?username=$other" | field items.0.id)
conversation=$(ask "$url/v1/conversations" -H "Idempotency-Key: $RANDOM$RANDOM" -d "{\"type\": \"private\", \"member_ids\": [\"$user\"]}" | field id)
ask "$url/v1/messages" -d "{\"conversation_id\": \"$conversation\", \"type\": \"text\", \"content\": \"Hello from curl\"}" >/dev/null
ask "$url/v1/conversations/$conversation/messages" | field items.0.content
