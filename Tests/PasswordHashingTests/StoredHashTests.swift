import PasswordHashing
import Testing

@Suite("Stored hashes of other systems")
struct StoredHashTests {
    @Test(arguments: ForeignHash.all)
    func `a hash that another program made accepts its password and no other`(
        _ given: ForeignHash
    ) throws {
        let password = given.sample.text
        #expect(try accepts(password, given.text))
        #expect(try !accepts("x" + password, given.text))
        #expect(try !accepts("P" + password.dropFirst(), given.text))
        #expect(try !accepts("", given.text))
    }

    @Test(
        arguments: ForeignHash.all.filter {
            $0.sample == .long && $0.text.hasPrefix("$2")
        })
    func `bcrypt heeds 72 octets`(_ given: ForeignHash) throws {
        let password = given.sample.text
        #expect(try accepts(String(password.prefix(72)), given.text))
        #expect(try accepts(password.prefix(72) + "other", given.text))
        #expect(try !accepts(String(password.prefix(71)), given.text))
    }

    /// Made with libpass 1.9.4 from `a`, NUL, `b`.
    @Test(arguments: [
        "$scrypt$ln=4,r=8,p=1$c29tZXNhbHQ$TIncmK4qQ51/gdU42Fh/HVVo9B15yly6F2cLkeNMegI",
        "$pbkdf2-sha256$10$c29tZXNhbHQ$qPdvxfkzKQi.ElxcT45foIWGfoimS.cOpC4yZQ4zSFc",
    ])
    func `scrypt and PBKDF2 do not cut a password at a NUL`(_ text: String) throws {
        #expect(try accepts("a\u{0}b", text))
        #expect(try !accepts("a\u{0}c", text))
        #expect(try !accepts("a", text))
    }

    /// Made with libpass 1.9.4 from nothing.
    @Test(arguments: [
        "$scrypt$ln=4,r=8,p=1$c29tZXNhbHQ$AlO4JlqpwJKpmOTj13ekBBPMuxnOz+ynitk4D63Uin4",
        "$pbkdf2-sha256$10$c29tZXNhbHQ$5FWMwGvZL1eaTbwFolxmr0ExDbvve8OEVq.uyerxMs0",
    ])
    func `an empty password is one like others`(_ text: String) throws {
        #expect(try accepts("", text))
        #expect(try !accepts("x", text))
    }

    /// Made with libpass 1.9.4 from `password`.
    @Test(arguments: [
        "$scrypt$ln=1,r=1,p=1$cw$TE4stwcl/tr5ndKGccMxmR8+PU4JyNha2bM1w0/n7DY",
        "$scrypt$ln=4,r=16,p=1$c29tZXNhbHQ$rSC20pP58m1oqdWlhQOI9H2h2Euv1nyrBfDtxt7/JJs",
        "$pbkdf2-sha256$1$TmFDbA$TWMkbSxOQq.tvuafjDQJq8gIebxeYGhwx.Y.MWmkOdo",
    ])
    func `hashes at the lower and the inner bounds are verified`(_ text: String) throws {
        #expect(try accepts("password", text))
    }

    /// HMAC fills a key up with zeros, so one at the end changes nothing in PBKDF2 and scrypt.
    @Test(
        arguments: ForeignHash.all.filter {
            $0.sample == .short && !$0.text.hasPrefix("$scrypt") && !$0.text.hasPrefix("$pbkdf2")
        })
    func `crypt(3) and Argon2id are not taken in by a NUL`(_ given: ForeignHash) throws {
        #expect(try !accepts("password\u{0}", given.text))
        #expect(try !accepts("password\u{0}more", given.text))
        #expect(try !accepts("\u{0}", given.text))
    }

    @Test(arguments: ForeignHash.all.filter { $0.sample == .short })
    func `a password of more octets than crypt(3) takes is a wrong one`(
        _ given: ForeignHash
    ) throws {
        for count in [511, 512, 4096] {
            #expect(try !accepts(String(repeating: "x", count: count), given.text))
        }
    }

    private func accepts(_ password: String, _ text: String) throws -> Bool {
        try StoredHash(parsing: text).verify(password: Array(password.utf8).span)
    }
}
