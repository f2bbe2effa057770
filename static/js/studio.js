// Sliders of the studio: over the values of a parameter while a question is asked, over the scenarios while they are
// read; and how many scenarios a question makes. Without this script there are fields and lists for all of it.
(() => {
  const french = document.documentElement.lang !== "en";

  // Like figures.read_figure: spaces group digits, the comma is decimal in French and groups in English.
  const read = (text) => {
    const bare = text.replace(/[\s\u00a0\u202f]/g, "");
    return bare === "" ? NaN : Number(french ? bare.replace(",", ".") : bare.replace(/,/g, ""));
  };
  const write = (number) => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 12 });

  const slider = (label, most, value) => {
    const range = Object.assign(document.createElement("input"), { type: "range", min: 0, max: most, step: "any" });
    range.setAttribute("aria-label", label);
    range.value = value;
    return range;
  };

  // A list of values, chosen with a slider: the list stays, and says in words what the slider points at.
  for (const list of document.querySelectorAll("select[data-slider]")) {
    if (list.options.length < 2) continue;
    const label = document.querySelector(`label[for="${list.id}"]`);
    const range = slider(label.textContent, list.options.length - 1, list.selectedIndex);
    range.step = 1;
    const output = Object.assign(document.createElement("output"), { htmlFor: list.id });
    const box = Object.assign(document.createElement("div"), { className: "slider" });
    const tell = () => {
      output.textContent = list.selectedOptions[0].textContent;
      range.setAttribute("aria-valuetext", output.textContent);
    };
    range.addEventListener("input", () => { list.selectedIndex = Number(range.value); tell(); });
    range.addEventListener("change", () => list.form.requestSubmit());
    list.addEventListener("change", () => { range.value = list.selectedIndex; tell(); });
    box.append(range, output);
    list.before(box);
    tell();
  }

  // The ends of a range of values: a slider beside each field, up to four times today's value.
  const question = document.querySelector("form.question");
  if (!question) return;
  const axes = [...question.querySelectorAll("fieldset.axis")].map((fieldset) => {
    const named = (name) => fieldset.querySelector(`[name^="${name}_"]`);
    return { parameter: named("parameter"), values: named("values"), from: named("from"), to: named("to"), step: named("step") };
  });

  const inRange = ({ from, to, step }) => {
    const [first, last, by] = [from, to, step].map((field) => read(field.value));
    // A hair more than the quotient: 0.3 / 0.1 is 2.9999999999999996 in binary.
    return by > 0 && last >= first ? Math.floor((last - first) / by + 1e-9) + 1 : 0;
  };
  const countOf = (axis) => {
    const typed = axis.values.value.split(";").map(read).filter(Number.isFinite);
    return typed.length ? new Set(typed).size : inRange(axis);
  };
  const count = () => {
    const counts = axes.filter((axis) => axis.parameter.value).map(countOf);
    const scenarios = counts.reduce((product, each) => product * each, 1);
    question.querySelector("[data-scenarios]").textContent = scenarios ? write(scenarios) : "–";
  };

  // Round steps (1, 2 or 5 × a power of ten) of about a fiftieth of four times today's value.
  const reachOf = (path) => {
    const today = Math.abs(Number(document.querySelector(`[data-path="${CSS.escape(path)}"]`)?.dataset.today)) || 5;
    const power = 10 ** Math.floor(Math.log10(today * 4 / 50));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each * 50 >= today * 4 - 1e-9);
    return { most: step * 50, step };
  };

  for (const axis of axes) {
    const ranges = [axis.from, axis.to].map((field) => {
      const label = question.querySelector(`label[for="${field.id}"]`).textContent.trim();
      const range = slider(label, 100, 0);
      range.addEventListener("input", () => {
        field.value = write(Number(Number(range.value).toPrecision(12)));
        axis.values.value = "";
        if (!axis.step.value) axis.step.value = write(Number((range.step * 5).toPrecision(12)));
        count();
      });
      field.addEventListener("input", () => { range.value = read(field.value) || 0; });
      field.after(range);
      return [range, field];
    });
    const reach = () => {
      const { most, step } = reachOf(axis.parameter.value);
      for (const [range, field] of ranges) {
        Object.assign(range, { max: most, step });
        range.value = read(field.value) || 0;
      }
    };
    axis.parameter.addEventListener("change", reach);
    reach();
  }
  question.addEventListener("input", count);
  count();
})();
