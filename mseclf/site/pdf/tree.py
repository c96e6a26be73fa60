"""Pandoc's tree: nodes are ``{"t": type, "c": content}``; here they are walked, made and read."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

Node = dict[str, Any]


def split_chapters(blocks: Iterable[Node]) -> Iterable[tuple[str, list[Node]]]:
    """What stands in each box whose attribute ``data-chapter`` names a page."""
    for block in blocks:
        (_, _, attributes), content = block["c"]
        yield dict(attributes)["chapter"], content


def walk(node: Any, change: Callable[[Node], Node | list[Node] | None]) -> Any:
    """Rebuild a tree; `change` gives a node, a list of nodes, or None to look further inside."""
    if isinstance(node, list):
        walked: list[Any] = []
        for item in node:
            changed = change(item) if isinstance(item, dict) and "t" in item else None
            if changed is None:
                walked.append(walk(item, change))
            else:
                walked += changed if isinstance(changed, list) else [changed]
        return walked
    if isinstance(node, dict) and isinstance(node.get("c"), list):
        return {**node, "c": walk(node["c"], change)}
    return node


def typst_node(text: str, inline: bool = True) -> Node:
    """Typst source that pandoc's writer puts through."""
    return {"t": "RawInline" if inline else "RawBlock", "c": ["typst", text]}


def typst_string(text: str) -> str:
    """A string literal of Typst."""
    return json.dumps(text, ensure_ascii=False)


def plain_text(node: Any) -> str:
    """The text below a node of pandoc's tree; a formula counts by its signs."""
    if isinstance(node, list):
        return "".join(map(plain_text, node))
    if not isinstance(node, dict):
        return ""
    match node["t"]:
        case "Str":
            return str(node["c"])
        case "Code":
            return str(node["c"][1])
        case "Math":
            return re.sub(r"[{}^_\s]", "", re.sub(r"\\[a-zA-Z]+", "x", node["c"][1]))
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "Link" | "Quoted" | "Span":
            return plain_text(node["c"][1])
        case _:
            return plain_text(node.get("c"))
