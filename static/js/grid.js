// The keys of a spreadsheet in a grid of marks, and cells pasted from one. Without this script the Tab key leads from
// field to field, and a table is pasted on a page of its own.
(() => {
  const grid = document.querySelector("form.grid[data-keep]");
  const status = grid.querySelector(".autosave");
  // Row by row, over all criteria: the mark and its reason.
  const rows = [...grid.querySelectorAll('input[name$="-mark"]')].map((mark) => [
    mark,
    grid.elements[mark.name.replace(/-mark$/, "-reason")],
  ]);

  const placeOf = (field) => {
    const row = rows.findIndex((fields) => fields.includes(field));
    return row < 0 ? null : [row, rows[row].indexOf(field)];
  };

  const go = (row, column) => {
    const field = rows[row]?.[column];
    if (!field) return false;
    field.focus();
    if (field.select && column === 0) field.select();
    return true;
  };

  // An arrow leaves a text where it could go no further in it.
  const leaves = (field, key) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const whole = field.tagName === "INPUT" && start === 0 && end === value.length;
    if (field.tagName === "INPUT" && (key === "ArrowUp" || key === "ArrowDown")) return true;
    if (key === "ArrowUp" || key === "ArrowLeft") return whole || (start === 0 && end === 0);
    return whole || (start === value.length && end === value.length);
  };

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  grid.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    if (!place || event.isComposing || event.altKey || event.metaKey) return;
    const [row, column] = place;
    if (event.key === "Enter" && (column === 0 || event.ctrlKey)) {
      event.preventDefault(); // in the field of a mark it would send the form
      go(row + (event.shiftKey ? -1 : 1), column);
    } else if (steps[event.key] && !event.ctrlKey && !event.shiftKey && leaves(event.target, event.key)) {
      const [down, right] = steps[event.key];
      if (go(row + down, column + right)) event.preventDefault();
    }
  });

  // Tabs and line ends separate cells; a cell that has one of them inside is quoted, its quotes doubled.
  const cellsOf = (text) => {
    const table = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const row = table[table.length - 1];
      const sign = text[at];
      if (quoted && sign === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else if (quoted && sign === '"') quoted = false;
      else if (!quoted && sign === '"' && row[row.length - 1] === "") quoted = true;
      else if (!quoted && sign === "\t") row.push("");
      else if (!quoted && sign === "\n") table.push([""]);
      else if (sign !== "\r") row[row.length - 1] += sign;
    }
    if (table[table.length - 1].join("") === "") table.pop();
    return table;
  };

  grid.addEventListener("paste", (event) => {
    const place = placeOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // Prose of several lines is pasted into a reason as it stands.
    const block = text.includes("\t") || (place?.[1] === 0 && text.trim().includes("\n"));
    if (!place || !block) return;
    event.preventDefault();
    const [row, column] = place;
    const table = cellsOf(text);
    const fits = table.every((cells, down) => rows[row + down] && column + cells.length <= 2);
    if (!fits) {
      status.textContent = status.dataset.tooMany;
      return;
    }
    table.forEach((cells, down) => cells.forEach((cell, right) => {
      const field = rows[row + down][column + right];
      field.value = cell.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }));
    status.textContent = status.dataset.pasted;
  });

  for (const help of document.querySelectorAll("[data-with-script]")) help.hidden = false;
})();
