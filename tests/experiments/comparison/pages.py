"""A page of a report as a reader, a screen reader and a browser each take it."""

import re
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What a reader, a screen reader and a browser each take from a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.stack, self.words, self.headings, self.unclosed = [], [], [], [], []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).replace("\xa0", " ").split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data):
        if "style" not in self.stack:
            self.words.append(data)
            if self.stack and re.fullmatch("h[1-6]", self.stack[-1]):
                self.headings.append((int(self.stack[-1][1]), data))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def alternatives(self):
        return [image["alt"] for image in self.all("img")]
