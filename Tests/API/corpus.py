"""E-mail addresses of every shape that we know of, and many more by mutation of those."""

import unicodedata

LOCAL_PARTS = (
    "ada", "Ada.Lovelace", "a", "ada+tag", "a.d.a", "o'hara", "!#$%&'*+-/=?^_`{|}~", "1", "-", "_",
    "JOSÉ", "jose\u0301", "stra\u00dfe", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος", "İstanbul", "ısparta",
    "\u212bngstrom", "\u00c5ngstrom", "\ufb01x", "用户", "उपयोगकर्ता", "мария", "МАРИЯ", "😀",
    "❤\ufe0f", "ᏸ", "\u1e9e", "\u0345a", "a\u0345", "a\u0327\u0301", "a\u0301\u0327", "\u0f73a",
    "한글", "\u1112\u1161\u11ab", "l" * 64, "l" * 65, "é" * 32, "é" * 33, "", ".", ".ada", "ada.",
    "a..da", '"ada"', '"a da"', '"a@da"', '"a\\"da"', "a da", "ada(comment)", "(comment)ada",
    "a,da", "a;da", "a:da", "a<da", "a[da", "a\\da", "ada@bob", "a\u00a0da", "a\u3000da",
    "a\u200bda", "a\u200dda", "a\u00adda", "a\u202eda", "a\u2066da", "\ufeffada", "a\u2028da",
    "a\u007fda", "a\u0085da", "a\0da", "a\tda", "a\nda", "\u0301ada", "a\ufffeda", "a\ue000da",
    "a\u0378da", "a\u3164da", "a\u115fda", "a\u034fda", "a\U000e0041da", "Ada <ada", "mailto:ada",
)
DOMAINS = (
    "example.com", "Example.COM", "mail.example.org", "a.b", "a-b.c-1.example", "1.2.3.x4",
    "xn--bcher-kva.example", "XN--BCHER-KVA.example", "bücher.example", "BÜCHER.example",
    "bu\u0308cher.example", "fa\u00df.de", "xn--fa-hia.de", "fass.de", "例え。テスト", "例え.テスト",
    "xn--r8jz45g.xn--zckzah", "ｅｘａｍｐｌｅ.com", "example．com", "example｡com", "مثال.إختبار",
    "उदाहरण.परीक्षा", "क्\u200dष.example", "l·l.example", "σίσυφος.example", "ΣΊΣΥΦΟΣ.example",
    "İstanbul.example", "\u212bngstrom.example", "ﬁx.example", "Ⅷ.example", "①.example",
    "d" * 63 + ".example", "d" * 64 + ".example", ".".join(["d" * 63, "d" * 63, "d" * 61]),
    ".".join(["d" * 63, "d" * 63, "d" * 62]), ".".join(["ü" * 50] * 3) + ".example", "", "example",
    "localhost", "example.", ".example", "example..com", "-example.com", "example-.com",
    "ab--cd.example", "exa_mple.com", "exa mple.com", "example.com:25", "[192.0.2.1]",
    "[IPv6:2001:db8::1]", "192.0.2.1", "example.123", "example.1a", "example.a1", "xn--a.example",
    "xn--.example", "xn--zzzzzz.example", "xn--ls8h.example", "xn--bcher-.example",
    "xn--abc-.example", "😀.example", "i❤.ws", "₹.example", "a≠b.example", "⒈com.example",
    "\u202ea.example", "a\u200db.example", "exa\u00admple.com", "example\u200b.com",
    "\u0301a.example", "אa.example", "1.אב.example", "אב.1.example", "א.example", "a.אב",
    "אב1.example", "1אב.example", "ab.مثال", "\u0378.example", "\ue000.example", "example.com>",
    "example.com(comment)", "example.test", "example.invalid", "printer.local", "example.onion",
    "℀.example", "a＿b.example", "ü-.example", "example.com@example.com",
)
PIECES = (
    ".", "..", "-", "--", "@", " ", "+", "'", '"', "(", ")", "[", "]", "\\", ",", "0", "1", "xn--",
    "\u0301", "\u0308", "\u200d", "\u00ad", "\u3000", "\u2024", "。", "．", "＠", "ß", "ς", "σ", "Σ",
    "é", "E\u0301", "字", "א", "ع", "١", "۱", "😀", "ﬀ", "ǆ", "ǅ", "ŉ", "ſ", "K", "·", "ー", "\u0660",
    "ɑ", "𝒶", "Ａ", "_", "\ufe0f", "\u1ab0", "\U0001e900", "\u10a0", "\u2d00", "\ua64a", "\u1c88",
)


def changed(text, random):
    """One change of a text: in its letters' form, or by a piece more, or one less."""
    at = random.randrange(len(text) + 1)
    piece = random.choice(PIECES)
    return random.choice((
        text.swapcase, text.upper, text.lower, text.title, text.casefold,
        lambda: unicodedata.normalize("NFC", text), lambda: unicodedata.normalize("NFD", text),
        lambda: unicodedata.normalize("NFKC", text), lambda: text[:at] + piece + text[at:],
        lambda: text[:at] + piece + text[at + 1:], lambda: text[:at] + text[at + 1:],
        lambda: text[:at] + text[at:at + 1] * 2 + text[at + 1:], lambda: text + piece,
        lambda: piece + text, lambda: text[::-1], lambda: f" {text}", lambda: f"{text}\u2003",
        lambda: text * random.randrange(2, 9)))()


def a_labels(text):
    """A domain in A-labels, as far as Python's own codec can (IDNA 2003)."""
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return text


def mutant(known, random):
    """An address made of parts of known ones, at times with a part changed."""
    local, at, domain = random.choice(known).partition("@")
    kind = random.randrange(4)
    if kind == 0:
        return f"{random.choice(LOCAL_PARTS)}@{random.choice(DOMAINS)}"
    if kind == 1:
        return local + at + a_labels(domain)
    if kind == 2:
        return changed(local, random) + at + domain
    return local + at + changed(domain, random)


def addresses(count, random):
    """Each part with a good other part, then mutations, and mutations of those."""
    made = [f"{local}@example.com" for local in LOCAL_PARTS]
    made += [f"grace@{domain}" for domain in DOMAINS]
    made += ["", " ", "ada", "@", "ada＠example.com", "ada﹫example.com"]
    known = set(made)
    while len(made) < count:
        address = mutant(made, random)
        if address not in known:
            known.add(address)
            made.append(address)
    return made
