for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], order = new Intl.Collator(undefined, {numeric: true});
  const value = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent;
  const compare = (a, b) => isNaN(a) || isNaN(b) ? order.compare(a, b) : a - b;
  table.querySelectorAll("thead th").forEach((head, i) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => compare(value(a, i), value(b, i)));
      body.append(...(down ? rows.reverse() : rows));
    });
  });
  if (body.rows.length < Number(table.dataset.filterFrom)) continue;
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Find a student";
  field.setAttribute("aria-label", "Find a student");
  field.addEventListener("input", () => {
    for (const row of body.rows)
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(field.value.toLowerCase());
  });
  table.parentNode.before(field);
}
