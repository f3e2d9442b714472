#!/bin/sh
# Writes to somebody, shows the newest messages, and follows the conversation, with curl.
# usage: TOKEN=… sh curl.sh HANDLE TEXT UUID      Ctrl-C ends it
# UUID is made up by you, for this message: run it with the same one again, and nothing is sent twice.
set -eu
handle=$1 text=$(printf %s "$2" | sed 's/[\\"]/\\&/g') uuid=$3
url=${GRAPHQL_URL:-http://127.0.0.1:4000/graphql}

post() {
    body=$1
    shift
    curl --silent --show-error --fail-with-body "$@" --data "$body" \
        --header "Authorization: Bearer $TOKEN" --header 'Content-Type: application/json' "$url"
}

# To repeat all of it is safe for the mutation, too, as its uuid stays the same.
send='mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
    ... on SendMessageSuccess { conversation { groupUuid } } ... on UserError { code detail } } }'
send=$(printf %s "$send" | tr '\n' ' ')
sent=$(post "{\"query\": \"$send\", \"variables\": {\"input\":
    {\"recipientHandle\": \"$handle\", \"message\": \"$text\", \"clientMessageUuid\": \"$uuid\"}}}" \
    --retry 5 --retry-all-errors)
case $sent in
*'"groupUuid":"'*) group=${sent#*\"groupUuid\":\"} group=${group%%\"*} ;;
*) echo "$sent" >&2 && exit 1 ;;
esac

# The next page has this one's endCursor as its `after`.
page='query ($group: UUID!, $after: String) { messages(groupUuid: $group, first: 20, after: $after) {
    nodes { message sender { handle } } pageInfo { hasNextPage endCursor } syncCursor } }'
page=$(printf %s "$page" | tr '\n' ' ')
history=$(post "{\"query\": \"$page\", \"variables\": {\"group\": \"$group\"}}" \
    --retry 5 --retry-all-errors)
echo "$history"
since=${history#*\"syncCursor\":\"} since=${since%%\"*}

# Server-Sent Events: each `data:` is a result. When the stream ends, go on behind the last one.
news='subscription ($group: UUID!, $since: String) {
    messageGroupUpdated(groupUuid: $group, since: $since) {
        cursor message { message sender { handle } } } }'
news=$(printf %s "$news" | tr '\n' ' ')
exec 3>&1 # for people; what the loop itself writes is the cursors
while :; do
    newest=$(
        post "{\"query\": \"$news\", \"variables\": {\"group\": \"$group\", \"since\": \"$since\"}}" \
            --no-buffer --header 'Accept: text/event-stream' |
            while IFS= read -r line || [ -n "$line" ]; do
                case $line in
                'data: '*) echo "${line#data: }" >&3 ;;
                '{'*) echo "$line" >&2 ;; # refused, and why
                esac
                case $line in *'"cursor":"'*)
                    cursor=${line#*\"cursor\":\"}
                    echo "${cursor%%\"*}"
                    ;;
                esac
            done | tail -n 1
    )
    since=${newest:-$since}
    sleep 1
done
