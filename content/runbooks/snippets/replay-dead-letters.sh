#!/usr/bin/env bash
# Moves dead letters back to leads.events with their first routing key: replay-dead-letters.sh <count|all>
set -euo pipefail

case "${1:?usage: replay-dead-letters.sh <count|all>}" in
  all) after='"queue-length"' ;;
  *[!0-9]*) echo "not a number: $1" >&2; exit 2 ;;
  *) after=$1 ;;
esac

kubectl -n messaging exec ilg-mq-server-0 -c rabbitmq -- \
  rabbitmqctl set_parameter -p leads shovel replay-dead-letters "{
    \"src-protocol\": \"amqp091\", \"src-uri\": \"amqp:///leads\", \"src-queue\": \"leads.dead-letter\",
    \"dest-protocol\": \"amqp091\", \"dest-uri\": \"amqp:///leads\", \"dest-exchange\": \"leads.events\",
    \"src-delete-after\": $after, \"ack-mode\": \"on-confirm\"
  }"
