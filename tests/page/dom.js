// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * As much of a browser as page.js needs, for node: so that its keys, clicks and
 * texts are tested where there is no browser. It has no layout, no style sheet
 * and no network; hiddenByStyle() stands in for the rules of page.css that
 * hide what was not shown yet, and tests/page/browser tests the true ones.
 *
 *   node --inspect-brk tests/page/dom.js PAGE [HASH]
 */
"use strict";
const fs = require("fs");
const vm = require("vm");

const VOID = new Set(["meta", "br", "link", "input"]);
const RAW = new Set(["script", "style"]);
const ENTITIES = {lt: "<", gt: ">", amp: "&", quot: "\"", "#39": "'"};
const unescape = (text) =>
	text.replace(/&(lt|gt|amp|quot|#39);/g, (_, name) => ENTITIES[name]);

class Text {
	constructor(data) {
		this.nodeType = 3;
		this.data = String(data);
	}
	get textContent() {
		return this.data;
	}
	cloneNode() {
		return new Text(this.data);
	}
}

/* ".row:not(.shown)", "#udp", "nav button", "a, b": what page.js asks for. */
function matchesOne(element, simple) {
	const not = /:not\(([^)]*)\)/.exec(simple);

	if (not && matchesOne(element, not[1]))
		return false;
	for (const part of simple.replace(/:not\([^)]*\)/, "")
		.match(/[.#]?[\w-]+/g) || []) {
		if (part[0] === "." ?
		    !element.classList.contains(part.slice(1)) :
		    part[0] === "#" ? element.id !== part.slice(1) :
		    element.localName !== part)
			return false;
	}
	return true;
}

function matches(element, selector) {
	return selector.split(",").some((alternative) => {
		const parts = alternative.trim().split(/\s+/);
		let at = element.parentNode;

		if (!matchesOne(element, parts.pop()))
			return false;
		while (parts.length) {
			const part = parts.pop();

			while (at && !matchesOne(at, part))
				at = at.parentNode;
			if (!at)
				return false;
			at = at.parentNode;
		}
		return true;
	});
}

class Element {
	constructor(name) {
		this.style = {}; // no layout comes of it
		this.offsetHeight = 0;
		this.nodeType = 1;
		this.localName = name.toLowerCase();
		this.attributes = new Map();
		this.childNodes = [];
		this.parentNode = null;
		this.listeners = {};
		const element = this;

		this.classList = {
			list: () => (element.getAttribute("class") || "")
				.split(/\s+/).filter(Boolean),
			contains: (one) => this.classList.list().includes(one),
			toggle(one, on) {
				const left = this.list().filter((x) => x !== one);

				if (on)
					left.push(one);
				element.setAttribute("class", left.join(" "));
			},
		};
		this.dataset = new Proxy({}, {
			get: (_, key) => element.attributes.get(`data-${key}`),
			set: (_, key, value) => {
				element.setAttribute(`data-${key}`, value);
				return true;
			},
		});
	}
	get tagName() {
		return this.localName.toUpperCase();
	}
	get id() {
		return this.attributes.get("id") || "";
	}
	get className() {
		return this.attributes.get("class") || "";
	}
	set className(value) {
		this.setAttribute("class", value);
	}
	get hidden() {
		return this.attributes.has("hidden");
	}
	set hidden(on) {
		on ? this.setAttribute("hidden", "") : this.removeAttribute("hidden");
	}
	get open() {
		return this.attributes.has("open");
	}
	set open(on) {
		const was = this.open;

		on ? this.setAttribute("open", "") : this.removeAttribute("open");
		if (was !== Boolean(on))
			this.dispatch("toggle", this);
	}
	get tHead() {
		return this.querySelectorAll("thead")[0];
	}
	get textContent() {
		return this.childNodes.map((node) => node.textContent).join("");
	}
	set textContent(text) {
		this.replaceChildren(String(text));
	}
	getAttribute(name) {
		return this.attributes.has(name) ? this.attributes.get(name) : null;
	}
	setAttribute(name, value) {
		this.attributes.set(name, String(value));
	}
	removeAttribute(name) {
		this.attributes.delete(name);
	}
	append(...nodes) {
		for (const node of nodes) {
			const child = typeof node === "string" ? new Text(node) :
				node;

			child.parentNode = this;
			this.childNodes.push(child);
		}
	}
	prepend(...nodes) {
		const rest = this.childNodes;

		this.childNodes = [];
		this.append(...nodes, ...rest);
	}
	replaceChildren(...nodes) {
		this.childNodes = [];
		this.append(...nodes);
	}
	remove() {
		this.parentNode.childNodes = this.parentNode.childNodes
			.filter((node) => node !== this);
	}
	cloneNode() {
		const copy = new Element(this.localName);

		this.attributes.forEach((value, name) =>
			copy.setAttribute(name, value));
		copy.append(...this.childNodes.map((node) => node.cloneNode()));
		return copy;
	}
	contains(node) {
		for (; node; node = node.parentNode)
			if (node === this)
				return true;
		return false;
	}
	closest(selector) {
		for (let at = this; at; at = at.parentNode)
			if (matches(at, selector))
				return at;
		return null;
	}
	querySelectorAll(selector) {
		return this.childNodes.filter((node) => node.nodeType === 1)
			.flatMap((node) => [
				...matches(node, selector) ? [node] : [],
				...node.querySelectorAll(selector)]);
	}
	querySelector(selector) {
		return this.querySelectorAll(selector)[0] || null;
	}
	addEventListener(type, listener) {
		(this.listeners[type] = this.listeners[type] || []).push(listener);
	}
	dispatch(type, target, more) {
		const event = Object.assign({type, target, prevented: false,
			preventDefault() {
				this.prevented = true;
			}}, more);

		for (let at = this; at; at = at.parentNode)
			for (const listener of at.listeners[type] || [])
				listener(event);
		return event;
	}
	click() {
		if (this.localName === "a" && this.download)
			saved.push({name: this.download, blob: this.href});
		else if (this.localName === "summary")
			this.parentNode.open = !this.parentNode.open;
		this.dispatch("click", this);
	}
	focus() {
		document.activeElement = this;
		this.dispatch("focusin", this);
	}
	scrollIntoView() {
		this.scrolledTo = true;
	}
}

function parse(html) {
	const top = new Element("#document");
	const token = /<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|<(\/?)([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+|</g;
	let at = top, found;

	while ((found = token.exec(html))) {
		const [all, close, name, attributes, empty] = found;

		if (all.startsWith("<!"))
			continue;
		if (!name) {
			at.append(unescape(all));
		} else if (close) {
			if (at.localName !== name.toLowerCase())
				throw new Error(`</${name}> closes <${at.localName}>`);
			at = at.parentNode;
		} else {
			const element = new Element(name);

			for (const one of attributes.matchAll(
				/([\w:-]+)(?:="([^"]*)")?/g))
				element.setAttribute(one[1],
					unescape(one[2] || ""));
			at.append(element);
			if (RAW.has(name)) {
				const end = html.indexOf(`</${name}>`, token.lastIndex);

				element.append(html.slice(token.lastIndex, end));
				token.lastIndex = end + name.length + 3;
			} else if (!empty && !VOID.has(name)) {
				at = element;
			}
		}
	}
	return top;
}

function hiddenByStyle(element) {
	const stepping = document.documentElement.classList.contains("stepping");
	const panel = element.closest(".panel");

	return stepping && (matches(element, ".row:not(.shown)") ||
		(panel && !panel.classList.contains("told") &&
		 matches(element, ".headline, .summary, .band, .nothing")));
}

const saved = [];
const html = fs.readFileSync(process.argv[2], "utf8");
const document = parse(html);

Object.assign(document, {
	documentElement: document.querySelector("html"),
	body: document.querySelector("body"),
	activeElement: document.querySelector("body"),
	getElementById: (id) => document.querySelector(`#${id}`),
	importNode: (node) => node,
	createElement: (name) => new Element(name),
	createElementNS: (_, name) => new Element(name),
});

function serialize(node) {
	const escape = (text) => text.replace(/&/g, "&amp;")
		.replace(/</g, "&lt;").replace(/"/g, "&quot;");

	if (node.nodeType === 3)
		return escape(node.data);
	return `<${node.localName}` + [...node.attributes].map(([name, value]) =>
		` ${name}="${escape(value)}"`).join("") + ">" +
		node.childNodes.map(serialize).join("") + `</${node.localName}>`;
}

Object.assign(globalThis, {
	document,
	saved,
	location: {hash: process.argv[3] || ""},
	innerWidth: 1280,
	scrollTo() {},
	matchMedia: () => ({matches: false}),
	getComputedStyle: (element) => {
		let visibility = "visible";

		for (let at = element; at; at = at.parentNode)
			if (hiddenByStyle(at))
				visibility = "hidden";
		return {visibility, display: element.hidden ||
			element.getAttribute("display") === "none" ?
			"none" : "block"};
	},
	DOMParser: class {
		parseFromString(text) {
			return {documentElement: parse(text).childNodes[0]};
		}
	},
	XMLSerializer: class {
		serializeToString(node) {
			return serialize(node);
		}
	},
	Blob: class {
		constructor(parts) {
			this.text = parts.join("");
		}
	},
	setTimeout() {}, // an object's URL is never revoked here
	/* a key as a person presses it: where the focus is */
	pressKey(key) {
		return document.activeElement.dispatch("keydown",
			document.activeElement,
			{key, ctrlKey: false, altKey: false, metaKey: false})
			.prevented;
	},
});
globalThis.window = new Proxy(globalThis, {
	get: (target, key) => key === "addEventListener" ?
		document.addEventListener.bind(document) : target[key],
});
URL.createObjectURL = (blob) => blob;

for (const script of document.querySelectorAll("script"))
	if (!script.getAttribute("type"))
		vm.runInThisContext(script.textContent, {filename: "page.js"});
console.log("ready");
setInterval(() => {}, 1 << 30); // until the inspector ends it
