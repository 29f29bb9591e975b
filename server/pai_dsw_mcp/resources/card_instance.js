function draw(data, result) {
  heading(say("card_instance"), data.instance_name ?? data.instance_id, data.cloud === "emulator");
  put(main, "p", say(`card_status_${data.status}`, data.status), `status ${data.status}`);
  const currency = data.currency;
  rows(undefined, [
    [say("card_instance_id"), data.instance_id],
    [say("card_price_per_hour"), money(data.price_per_hour, currency)],
    [say("card_payment"), spoken(data.payment_type)],
    [say("card_estimated_cost"), money(data.estimated_cost, currency)],
    [say("card_running_hours"), data.total_running_hours],
    [say("card_auto_stop"), spoken(data.auto_stop)],
    [say("card_region_id"), data.region_id],
    [say("card_workspace"), data.workspace_name ?? data.workspace_id],
    [say("card_ecs_spec"), data.ecs_spec],
    [say("card_image_name"), data.image_name],
    [say("card_owner"), data.owner],
    [say("card_reason"), [data.reason?.code, data.reason?.message].filter(Boolean).join(": ")],
  ]);
  const unit = (name) => (row) => `${row[name]} ${row.unit}`;
  table(
    [
      [say("card_metric"), (row) => spoken(row.metric)],
      [say("card_last"), unit("last")],
      [say("card_mean"), unit("mean")],
      [say("card_max"), unit("max")],
      [say("card_trend"), (row) => spoken(row.trend)],
    ],
    data.metrics ?? [],
  );
  for (const each of result.content ?? []) {
    if (each.type !== "image") continue;
    const curve = put(main, "img", undefined, "curve");
    curve.alt = say("card_trend");
    curve.src = `data:${each.mimeType};base64,${each.data}`;
  }
  if (data.instance_url) opener(put(main, "section"), say("card_open"), data.instance_url);
}
