#!/usr/bin/env bash
# Prints depth and consumers of every queue of the virtual host leads.
set -euo pipefail

kubectl -n messaging exec ilg-mq-server-0 -c rabbitmq -- \
  rabbitmqctl --quiet --formatter json list_queues -p leads \
    name messages_ready messages_unacknowledged consumers |
  jq -r '["queue", "ready", "unacked", "consumers"],
         (sort_by(.name)[] | [.name, .messages_ready, .messages_unacknowledged, .consumers]) | @tsv' |
  column -t
