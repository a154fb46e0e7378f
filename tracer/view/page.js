// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the page does with keys and clicks: one protocol or both, step by step
 * with a prediction first, the explanation of a row, the table, SVG files.
 *
 *   in:  #data, which view_page.c wrote; the pictures in the page
 *   out: the page. Text that was observed goes into textContent, never into
 *        markup.
 */
"use strict";
(() => {
	const SVG = "http://www.w3.org/2000/svg";
	const LANES = ["client", "client’s kernel", "the wire",
		       "server’s kernel", "server"];
	const root = document.documentElement;
	const data = JSON.parse(document.getElementById("data").textContent);
	const detail = document.getElementById("detail");
	const list = document.getElementById("list");
	const panels = data.panels.map((panel) => {
		const id = panel.about.protocol.toLowerCase();
		const section = document.getElementById(id);

		return Object.assign({id, section, later: null,
				      revealed: 0, // rows, while stepping
				      svg: section.querySelector("svg")},
				     panel.about, {rows: panel.rows});
	});
	const state = {
		only: null,     // "udp", "tcp"; null: both
		stepping: false, // rows are revealed one by one
		whole: false,   // with what comes after connect(2)
		answers: {},    // what was predicted, by panel
		selected: null, // the row that is explained: {panel, index}
	};

	/* ---- what is shown ------------------------------------------------ */

	function element(name, text, attributes) {
		const made = document.createElement(name);

		if (text !== undefined)
			made.textContent = text;
		Object.assign(made, attributes);
		return made;
	}

	function visiblePanels() {
		return panels.filter((panel) => !state.only ||
				     panel.id === state.only);
	}

	/* The rows on the screen, in the order in which they are stepped. */
	function rowsOf(panel) {
		return Array.from(panel.svg.querySelectorAll(".row"))
			.filter((row) => state.whole || !panel.later ||
				!panel.later.contains(row))
			.map((row) => ({panel, row,
					index: Number(row.dataset.row)}));
	}

	function sequence() {
		return visiblePanels().flatMap(rowsOf);
	}

	/* Has the viewer seen how the panel's connect(2) ended? */
	function isTold(panel) {
		return !state.stepping ||
			panel.section.classList.contains("told");
	}

	/*
	 * The rows after connect(2) wait as text, which view_page.c has drawn and
	 * escaped as it did the others; most viewers never ask for them.
	 */
	function drawLater(panel) {
		const text = panel.section.querySelector("script").textContent;

		if (panel.later || !text)
			return;
		panel.later = document.importNode(new DOMParser()
			.parseFromString(text, "image/svg+xml")
			.documentElement.querySelector(".later"), true);
		panel.svg.querySelector(".rows").append(panel.later);
	}

	/* All panels have the same height while the rows of one are hidden. */
	function setHeights() {
		const own = (panel) => state.whole ? panel.whole_height :
			panel.height;
		const most = Math.max(...panels.map(own));

		for (const panel of panels) {
			const height = state.stepping ? most : own(panel);

			if (state.whole)
				drawLater(panel);
			panel.svg.setAttribute("viewBox", `0 0 860 ${height}`);
			for (const lane of panel.svg.querySelectorAll(".lane"))
				lane.setAttribute("d", lane.getAttribute("d")
					.replace(/V.*/, `V${height}`));
			if (panel.later)
				panel.later.setAttribute("display",
					state.whole ? "inline" : "none");
		}
	}

	function isRevealed({panel, row}) {
		return !state.stepping || row.classList.contains("shown");
	}

	function setSteps() {
		root.classList.toggle("stepping", state.stepping);
		if (!state.stepping)
			return;
		for (const panel of panels) {
			const rows = rowsOf(panel);
			const returned = rows.findIndex(({index}) =>
				index === panel.return);

			panel.revealed = Math.min(panel.revealed, rows.length);
			rows.forEach(({row}, i) =>
				row.classList.toggle("shown",
						     i < panel.revealed));
			panel.section.classList.toggle("told",
				(returned >= 0 && returned < panel.revealed) ||
				(rows.length > 0 &&
				 panel.revealed === rows.length));
		}
	}

	function setButtons() {
		const pressed = {
			u: state.only === "udp",
			t: state.only === "tcp",
			b: state.only === null,
			s: state.stepping,
			w: state.whole,
		};

		for (const button of document.querySelectorAll("nav button")) {
			const key = button.dataset.key;

			if (key in pressed)
				button.setAttribute("aria-pressed", pressed[key]);
		}
	}

	/* Each row is a button; one of them is in the order of the Tab key. */
	function setRows() {
		const rows = sequence();
		const shown = rows.filter(isRevealed);
		const current = shown.find(isSelected) || shown[0];

		for (const entry of rows) {
			const {panel, row, index} = entry;
			const it = panel.rows[index];

			row.setAttribute("role", "button");
			row.setAttribute("tabindex", entry === current ? 0 : -1);
			row.setAttribute("aria-label", `${it.time} ` +
				`${panel.unit}, ${LANES[it.lane]}: ${it.what}`);
			row.classList.toggle("selected", isSelected(entry));
		}
	}

	function isSelected({panel, index}) {
		return state.selected !== null &&
			state.selected.panel === panel &&
			state.selected.index === index;
	}

	function render() {
		for (const panel of panels)
			panel.section.hidden = state.only !== null &&
				panel.id !== state.only;
		root.classList.toggle("one", visiblePanels().length === 1);
		setHeights();
		setSteps();
		setButtons();
		setRows();
		showDetail();
		if (list.open)
			fillTable();
	}

	/* ---- the explanation ---------------------------------------------- */

	/* The explanation of UDP's connect(2) also says what TCP's does. */
	function explanations(it) {
		const made = [];

		if (!visiblePanels().every(isTold)) {
			made.push(element("p", "The explanation comes when " +
				"every connect(2) has returned.",
				{className: "quiet"}));
			return made;
		}
		for (const name of it.explain) {
			const known = data.explanations[name];
			const p = element("p");

			p.append(element("b", name), ` (${known.kind}): `,
				 known.text);
			made.push(p, element("p",
				`In the kernel’s source: ${known.source}`,
				{className: "source"}));
		}
		return made;
	}

	function record(it) {
		const made = element("details");

		made.append(element("summary", "What was recorded",
				    {className: "quiet"}),
			    element("pre", it.records.map((one) =>
				    JSON.stringify(one)).join("\n")));
		return made;
	}

	function question(panel) {
		const asked = element("p", "Predict: how many packets cross " +
			`the wire before this ${panel.protocol} connect(2) ` +
			"returns?");

		for (const answer of ["0", "1", "2", "3", "more"]) {
			const button = element("button", answer,
					       {type: "button"});

			button.dataset.answer = answer;
			asked.append(button);
		}
		return asked;
	}

	/* At the entry the question, at the return what came of it. */
	function prediction(panel, index) {
		const answer = state.answers[panel.id];

		if (!state.stepping)
			return [];
		if (index === panel.return && answer !== undefined)
			return [element("p", `You said ${answer}. It was ` +
					`${panel.headline}.`,
					{className: "fact"})];
		if (index !== panel.entry || isTold(panel))
			return [];
		if (answer === undefined)
			return [question(panel)];
		return [element("p", `You say ${answer}. → shows what ` +
				"happened.", {className: "fact"})];
	}

	function hint() {
		return element("p", state.stepping ?
			"→ or space: the next line. ←: back. First say what " +
			"you expect." :
			"Click a line to see what it means. s: step by step, " +
			"you predict and → reveals. u, t: one protocol.",
			{className: "quiet"});
	}

	function showDetail() {
		const selected = state.selected;
		const parts = [];

		if (selected) {
			const {panel, index} = selected;
			const it = panel.rows[index];
			const about = [it.who, LANES[it.lane]];

			parts.push(...prediction(panel, index));
			parts.push(element("p", `${it.time} ${panel.unit}  ` +
				`${it.what}`, {className: "fact"}));
			if (it.remark && (isTold(panel) ||
					  index !== panel.return))
				about.push(it.remark);
			parts.push(element("p",
				about.filter(Boolean).join(" · "),
				{className: "quiet"}));
			parts.push(...explanations(it));
			if (isTold(panel))
				parts.push(record(it));
		} else {
			parts.push(hint());
		}
		detail.replaceChildren(...parts);
		/* it stands over the rows: what is scrolled to stays above it */
		root.style.scrollPaddingBottom = `${detail.offsetHeight + 8}px`;
	}

	/* ---- the table ----------------------------------------------------- */

	function foldedRow(it) {
		const tr = element("tr");
		const td = element("td", `these ${it.more_rows} lines: ` +
			`${it.more}× more`, {colSpan: 3});

		tr.append(element("td"), element("td"), td);
		return tr;
	}

	function tableOf(panel, rows) {
		const table = element("table");
		const head = element("tr");
		const body = element("tbody");

		table.append(element("caption", isTold(panel) ?
			`${panel.protocol}: ${panel.headline}` :
			panel.protocol));
		for (const name of [panel.unit, "where", "what", "remark",
				    "who"])
			head.append(element("th", name, {scope: "col"}));
		for (const it of rows) {
			const tr = element("tr");

			for (const cell of [it.time, LANES[it.lane], it.what,
					    it.remark, it.who])
				tr.append(element("td", cell));
			body.append(tr);
			if (it.more)
				body.append(foldedRow(it));
		}
		table.append(element("thead"));
		table.tHead.append(head);
		table.append(body);
		return table;
	}

	/* While the viewer steps, the table has what was shown. */
	function fillTable() {
		const shownOf = (panel) => rowsOf(panel).filter(isRevealed)
			.map(({index}) => panel.rows[index]);

		list.querySelector("div").replaceChildren(
			...visiblePanels().map((panel) => tableOf(panel,
				state.stepping ? shownOf(panel) : panel.rows)));
	}

	/* ---- one panel as a file ------------------------------------------ */

	function savedSvg(panel) {
		const svg = panel.svg.cloneNode(true);
		const paper = document.createElementNS(SVG, "rect");
		const hidden = !state.stepping ? "" : ".row:not(.shown)" +
			(isTold(panel) ? "" : ", .band, .nothing");

		if (hidden)
			for (const one of svg.querySelectorAll(hidden))
				one.remove();
		if (!state.whole)
			for (const later of svg.querySelectorAll(".later"))
				later.remove();
		for (const row of svg.querySelectorAll(".row"))
			for (const name of ["role", "tabindex", "aria-label"])
				row.removeAttribute(name);
		paper.setAttribute("width", "100%");
		paper.setAttribute("height", "100%");
		paper.setAttribute("fill", "#fff");
		svg.prepend(paper);
		return new XMLSerializer().serializeToString(svg);
	}

	function save(panel) {
		const blob = new Blob([savedSvg(panel)],
				      {type: "image/svg+xml"});
		const link = element("a", "", {
			href: URL.createObjectURL(blob),
			download: `connect-${panel.id}.svg`,
		});

		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 60000);
	}

	/* ---- keys and clicks ----------------------------------------------- */

	function select(entry, focus) {
		state.selected = entry;
		setRows();
		showDetail();
		if (!entry)
			return;
		entry.row.scrollIntoView({block: "nearest", inline: "nearest"});
		if (focus)
			entry.row.focus({preventScroll: true});
	}

	/* Along the rows that are there. */
	function walk(by) {
		const rows = sequence();
		const at = rows.findIndex(isSelected);
		const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;

		if (rows[to])
			select(rows[to], true);
	}

	/* One row more, or one less. Each panel keeps how far it has come. */
	function reveal(by) {
		const visible = visiblePanels();
		const panel = by > 0 ?
			visible.find((one) => one.revealed < rowsOf(one).length) :
			[...visible].reverse().find((one) => one.revealed > 0);

		if (!panel)
			return;
		panel.revealed += by;
		state.selected = (by > 0 ? [panel] : visible)
			.flatMap((one) => rowsOf(one).slice(0, one.revealed))
			.pop() || null;
		render();
		if (state.selected)
			state.selected.row.scrollIntoView({block: "nearest"});
	}

	function move(by) {
		if (state.stepping)
			reveal(by);
		else
			walk(by);
	}

	function step(on) {
		state.stepping = on;
		state.answers = {};
		state.selected = null;
		for (const panel of panels)
			panel.revealed = 0;
		if (on)
			list.open = false;
		render();
		if (on)
			window.scrollTo(0, 0);
	}

	function only(id) {
		if (id && !panels.some((panel) => panel.id === id))
			return;
		state.only = id;
		state.selected = null;
		render();
	}

	function toggleTheme() {
		const dark = root.dataset.theme ? root.dataset.theme === "dark" :
			matchMedia("(prefers-color-scheme: dark)").matches;

		root.dataset.theme = dark ? "light" : "dark";
	}

	function toggleWhole() {
		state.whole = !state.whole;
		state.selected = null;
		render();
	}

	const keys = {
		ArrowRight: () => move(1),
		ArrowDown: () => move(1),
		" ": () => move(1),
		PageDown: () => move(1), // a presenter's remote
		ArrowLeft: () => move(-1),
		ArrowUp: () => move(-1),
		PageUp: () => move(-1),
		Escape: () => step(false),
		u: () => only("udp"),
		t: () => only("tcp"),
		b: () => only(null),
		s: () => step(!state.stepping),
		w: toggleWhole,
		d: toggleTheme,
	};
	/* These scroll the page, unless the viewer steps. */
	const scrolls = new Set([" ", "PageDown", "PageUp", "ArrowDown",
				 "ArrowUp"]);

	function answer(value) {
		const {selected} = state;

		if (!selected || selected.index !== selected.panel.entry ||
		    isTold(selected.panel))
			return false;
		state.answers[selected.panel.id] = value;
		showDetail();
		return true;
	}

	function onKey(event) {
		const key = event.key.length === 1 ? event.key.toLowerCase() :
			event.key;
		const on = event.target.closest("button, summary, input");
		const inRow = event.target.closest(".row");

		if (event.ctrlKey || event.altKey || event.metaKey ||
		    (on && (key === " " || key === "Enter")))
			return;
		if (/^[0-3]$/.test(key) && state.stepping && answer(key)) {
			event.preventDefault();
			return;
		}
		if (!Object.hasOwn(keys, key) ||
		    (scrolls.has(key) && !state.stepping && !inRow))
			return;
		event.preventDefault();
		keys[key]();
	}

	function onClick(event) {
		const row = event.target.closest(".row");
		const button = event.target.closest("button");

		if (button && button.dataset.key) {
			if (event.detail) // by a mouse: space is for the steps
				button.blur();
			keys[button.dataset.key]();
		} else if (button && button.dataset.answer) {
			answer(button.dataset.answer);
		} else if (button && button.classList.contains("save")) {
			save(panels.find((panel) =>
				panel.section.contains(button)));
		} else if (row) {
			const found = sequence().find((entry) =>
				entry.row === row);

			if (found)
				select(found, true);
		}
	}

	/* Tab, or a screen reader, has come to a row. */
	function onFocus(event) {
		const row = event.target.closest(".row");
		const found = row && sequence().find((entry) =>
			entry.row === row);

		if (found && !isSelected(found))
			select(found, false);
	}

	/* The later rows of a long run would be too small to read on paper. */
	let wasWhole = false;

	function beforePrint() {
		wasWhole = state.whole;
		if (wasWhole) {
			state.whole = false;
			setHeights();
		}
	}

	function afterPrint() {
		if (wasWhole) {
			state.whole = true;
			setHeights();
		}
	}

	document.addEventListener("keydown", onKey);
	document.addEventListener("click", onClick);
	document.addEventListener("focusin", onFocus);
	list.addEventListener("toggle", () => {
		if (list.open)
			fillTable();
	});
	window.addEventListener("beforeprint", beforePrint);
	window.addEventListener("afterprint", afterPrint);

	for (const button of document.querySelectorAll("nav button"))
		if ("ut".includes(button.dataset.key) || button.dataset.key === "b")
			button.hidden = panels.length < 2;
	render();
	/* page.html#tcp,step: as if these keys had been pressed */
	for (const word of location.hash.slice(1).split(",")) {
		const key = {udp: "u", tcp: "t", step: "s", whole: "w"}[word];

		if (key)
			keys[key]();
		else if (word === "dark" || word === "light")
			root.dataset.theme = word;
	}
})();
