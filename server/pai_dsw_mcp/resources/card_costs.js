function draw(data) {
  heading(say("card_costs"), undefined, data.cloud === "emulator");
  rows(undefined, [
    [say("card_now_per_hour"), sums(data.cost_per_hour_now)],
    [say("card_estimated_cost"), sums(data.estimated_cost)],
    [say("card_instances"), data.total],
    [say("card_without_auto_stop"), data.running_without_auto_stop],
  ]);
  for (const [label, groups] of [
    [say("card_workspace"), data.by_workspace],
    [say("card_owner"), data.by_owner],
  ]) {
    table(
      [
        [label, (row) => row.name],
        [say("card_instances"), (row) => row.instances],
        [say("card_now_per_hour"), (row) => sums(row.cost_per_hour_now)],
        [say("card_estimated_cost"), (row) => sums(row.estimated_cost)],
      ],
      groups ?? [],
    );
  }
  const currency = (row) => row.currency ?? data.currency;
  // What all rows have in common stands beside them.
  const lines = (data.instances ?? []).map((row) => ({ ...data.in_all_rows, ...row }));
  const rare = [
    ["card_payment", "payment_type"],
    ["card_disk_charged", "disk_charged"],
  ].filter(([, name]) => lines.some((row) => row[name] !== undefined));
  table(
    [
      [say("card_name"), (row) => row.instance_name ?? row.instance_id],
      [say("card_status"), (row) => say(`card_status_${row.status}`, row.status)],
      [say("card_price_per_hour"), (row) => money(row.price_per_hour, currency(row))],
      [say("card_estimated_cost"), (row) => money(row.estimated_cost, currency(row))],
      [say("card_auto_stop"), (row) => spoken(row.auto_stop)],
      ...rare.map(([label, name]) => [say(label), (row) => spoken(row[name])]),
    ],
    lines,
  );
  if (data.next_cursor) put(main, "p", say("card_more"), "hint");
}
