import Testing

/// A hash that another program made, and the password that it was made from.
///
/// Made with libpass 1.9.4 (the maintained passlib), bcrypt 4.3.0, argon2-cffi 25.1.0 (PyPI) and
/// crypt(3) of libxcrypt 4.4.33, at low costs.
struct ForeignHash: Sendable, CustomTestStringConvertible {
    enum Sample: String {
        case short = "password"
        case unicode = "пароль 🔑 naïve"
        /// 261 octets: bcrypt cuts it.
        case long

        var text: String {
            switch self {
            case .short, .unicode: rawValue
            case .long: String(repeating: "correct horse battery staple ", count: 9)
            }
        }
    }

    let maker: String
    let sample: Sample
    let text: String

    var testDescription: String { "\(maker), \(sample)" }

    private init(_ maker: String, _ sample: Sample, _ text: String) {
        (self.maker, self.sample, self.text) = (maker, sample, text)
    }

    static let all = [
        Self(
            "argon2-cffi", .short,
            "$argon2id$v=19$m=64,t=1,p=1$zI5Adkcqil1HZLvOGu11Yw$ZgPGewigKLL2xz0c1dvixrnD"
                + "kVgyEEAEuM9m7OsVFh8"),
        Self(
            "passlib bcrypt, $2a$", .short,
            "$2a$04$OH2CE6R1kJZbns9.z774IOEbIUXeke0pEjsRK2CCzeFPsmsAXVsbG"),
        Self(
            "passlib bcrypt, $2b$", .short,
            "$2b$04$Kcd/D9JRfwJiJ2FK0m7FrOVTdSkLqU9VWvuu0gGyT15w/nIzUjlr2"),
        Self(
            "passlib bcrypt, $2y$", .short,
            "$2y$04$G1iZ81Lzv0j3HmTUM8APS.weS43w/kFWXQZefikHVa2TEmavXSyD."),
        Self("bcrypt", .short, "$2b$04$wX6uN9en2NtX2pYJ0GctmOrcH1.tY/30jjOQUeJ9a5eYIx8N8sYSy"),
        Self(
            "passlib sha256_crypt", .short,
            "$5$rounds=1000$8B0GIKP7K8joiPLe$3Jdsri/eIq2cOL1fabDx813PT7Z9b60Pw373Ejs7in1"),
        Self(
            "passlib sha256_crypt, 5,000 rounds", .short,
            "$5$eieg.HBH96DW3fQD$d/UAuxgvk9njIqAq6HHCp.n/3blfW2lFFz/9TzWlXa4"),
        Self(
            "passlib sha512_crypt", .short,
            "$6$rounds=1000$.svfzPhTmGSOToPU$ltc/8WfMmqZ4MFK8ERkZSKpVNuvBQn6F4Khmmow/7Ds"
                + "381/dVZxtv.pANfkmz8sUDh8SyzAkvfG/7ZYBeRjOL1"),
        Self(
            "passlib sha512_crypt, 5,000 rounds", .short,
            "$6$THAm1T9f/jVzi1uR$/c2MiQCGV0N7NmDY3DlFEo34tMcgtj/r65ld5MeN0OsUMVxtERUYaaQ"
                + "rvAKYmns2ctrHK.oNjA9vDpdIvIMBZ0"),
        Self(
            "passlib scrypt", .short,
            "$scrypt$ln=4,r=8,p=1$UWqtdU6ptRaidM55z5mTsg$yXd/gPDVeGvCbvCJfwfsA75r8BQvKmF"
                + "25q8c/8aimMo"),
        Self(
            "passlib scrypt, two lanes", .short,
            "$scrypt$ln=5,r=4,p=2$eY+Rci4lpJSSsrYWAgBASA$lK6+MPBqEHOZPd1yz3jStm93zqQigif"
                + "d9L/ybsqLHj8"),
        Self(
            "passlib scrypt, $7$", .short,
            "$7$26..../....SodiumChloride$QCXypikOdrGUuQTbSEJ5PInpJbIxJiy9TRvuJ0MqLsA"),
        Self(
            "passlib pbkdf2_sha256", .short,
            "$pbkdf2-sha256$1000$1XrPuRciZGztfa/1nhMCgA$9k.0ZvOcuJH2/cOjaJPKcBH6fI9ooTZc"
                + "yVDtw.7d/2I"),
        Self(
            "passlib pbkdf2_sha512", .short,
            "$pbkdf2-sha512$1000$xHjvfS.FMOYco7T23rvXeg$h6W8EL9OEr6rSJyK3Tq1GqLdXaxJZsDT"
                + "Rxj51EL56dCedMutxebo.AwBEDa4DPuVmMsvZWLGoH6RJciKksOkqA"),
        Self(
            "argon2-cffi", .unicode,
            "$argon2id$v=19$m=64,t=1,p=1$d39w+C2UuKcNTmr5FWaEdw$qMZd0ByDKQdE5t+jdc9SWSSQ"
                + "r88HTeHvIppK1BZ/2uU"),
        Self(
            "passlib bcrypt, $2a$", .unicode,
            "$2a$04$P47fwY.TPcTwvr7uKhyF9.IgHYD5UqoQR6OhlCG42VFE15H564rNq"),
        Self(
            "passlib bcrypt, $2b$", .unicode,
            "$2b$04$A0gGsmVPlT6Z4yuWjFl6VuJnnRyNgWnbU5cmcd0U5NjYA4QR8rYFe"),
        Self(
            "passlib bcrypt, $2y$", .unicode,
            "$2y$04$eYxbOkdAefKbbx25eSb7ku8D3OVIZ4n4arrK2n0t3nBejwfNXpnnW"),
        Self("bcrypt", .unicode, "$2b$04$YxO3WTqmqekvMmG9zgU42evjBh0OeOqPM617O5dMecaWOIdouUVeS"),
        Self(
            "passlib sha256_crypt", .unicode,
            "$5$rounds=1000$ymWJVlvBFpZs3G/P$aczt.qbeiSCu8/hd7CenViuqZFu41wQ.GT8P1vKjOk3"),
        Self(
            "passlib sha256_crypt, 5,000 rounds", .unicode,
            "$5$j6kGGjCS1cJZv8Xr$dMDGQK3UeLykif2q91k8kgwlD8uyXzr9q0XrS6/KyV0"),
        Self(
            "passlib sha512_crypt", .unicode,
            "$6$rounds=1000$1HRNqEZjmwxNyBbD$rtvUsNhGI7mBuL81k26TzZ2bOicGSJrh9qCISLSee9T"
                + "CSfZC8vMHoKSoM.IA5G90.MMjHsrpiHfnKPVFZ56.p."),
        Self(
            "passlib sha512_crypt, 5,000 rounds", .unicode,
            "$6$klwAqUwCQsV7yU4i$ygzJ3CWcBivomPfErcN9N1vzr7BTM3VKmhAk5PxLa/OOU5//jHqWjSb"
                + "fSADNCyjoMCWBYub4T0q/LdX5FQSiV1"),
        Self(
            "passlib scrypt", .unicode,
            "$scrypt$ln=4,r=8,p=1$eO8dA4AwpjTmHCOEMAYAQA$GIkYKDhmh+1OZTsWEYwY9zhLy6aSjsF"
                + "V1yPO3VvQwN8"),
        Self(
            "passlib scrypt, two lanes", .unicode,
            "$scrypt$ln=5,r=4,p=2$RkgJIUQohdC6t3YuhdBaiw$PgprrgYVDC9myRTZKsn0GrvEhL1Tdkd"
                + "ijsTfSJCBsJk"),
        Self(
            "passlib scrypt, $7$", .unicode,
            "$7$26..../....SodiumChloride$5g3CnwkmtR.FD/AUJSi3l65EIbiJwGZYbIyG3nScfI8"),
        Self(
            "passlib pbkdf2_sha256", .unicode,
            "$pbkdf2-sha256$1000$3DtHyLnXGgNAqNX6fy9FiA$WHOFfp1f0UATdS2StfJSX/9YNUYLq4Ur"
                + ".DGoH0tZQJ4"),
        Self(
            "passlib pbkdf2_sha512", .unicode,
            "$pbkdf2-sha512$1000$651zjhGCsPY.xzjnXOs9Bw$kQR7bHPJC4ELevEW8CwM/LfObkzZROja"
                + "Ghg9KKmv/x5zZf.LYseDQafcU.BkR.aDGeogmfDJYw9nOW7FXF0IZg"),
        Self(
            "argon2-cffi", .long,
            "$argon2id$v=19$m=64,t=1,p=1$HXEbEEAfiPgMIIkMe1rCPg$b4rZzRmhrnFXFLEZky2DODhj"
                + "KQMh0gU3Ay5p4Oe9RaE"),
        Self(
            "passlib bcrypt, $2a$", .long,
            "$2a$04$tsQO.6nhPdLDm1M2HB5Q3eVjNFcfFO99kxGt3i0.VCfiBhEGsv3L2"),
        Self(
            "passlib bcrypt, $2b$", .long,
            "$2b$04$UdNLidMc8AihlliOt5yPjuU.lY9JCbyjcQN7gf1Lizr0uRaJqDSF2"),
        Self(
            "passlib bcrypt, $2y$", .long,
            "$2y$04$jKY3yFE4c5gHF6EcY1jJ8ecHrk4q1IQLqexeefVz7T8cu/N6e8u5y"),
        Self("bcrypt", .long, "$2b$04$8oC2R6Zxosr4JZ4ExHsaNeNA/yyXYyEMIfJxaKo5BDZrcmoKEuACC"),
        Self(
            "passlib sha256_crypt", .long,
            "$5$rounds=1000$yY98YkBBr5n1Y9UN$o2HNjwAiIH8JxUlxZvMwURqJnjdshYDkv4DBFk/L3V5"),
        Self(
            "passlib sha256_crypt, 5,000 rounds", .long,
            "$5$xUBTXhgxF6wl8CuZ$SRDGC8NAvl0HL9d.PQOIMPDBQ91E2A.wZ1/KoApt.J6"),
        Self(
            "passlib sha512_crypt", .long,
            "$6$rounds=1000$OMD8tBA5hbYqrYsW$9iLqb287hxoBubhYfS6f3p8sIp8fLZ8T4nlqTY969ut"
                + "ROQ8E2MxzqnK.FTNfdveEy4lzv7TlIH4lh3XCLklFk0"),
        Self(
            "passlib sha512_crypt, 5,000 rounds", .long,
            "$6$ip5MkNDRAyjhBN6z$rrAgXoa4pgJ3RfGl3La3iHxscjPZ3y.8BlY1pI6Zp2/dm5PCHvlU9Uq"
                + "6u3piFOip/8ABGS0K1t/V/vta2QJ4K."),
        Self(
            "passlib scrypt", .long,
            "$scrypt$ln=4,r=8,p=1$g3DOWWst5byXcu699/5/jw$U1AObD+9L4z0lrKuWlKUV+7MDbX3kxK"
                + "3M6wXaGPuFj0"),
        Self(
            "passlib scrypt, two lanes", .long,
            "$scrypt$ln=5,r=4,p=2$6b3X+n/vPQeg1JqzVkpprQ$AdjfY8f5gZBHKGInDvV49j0s+qN6eOH"
                + "cKLTqYYAh4V0"),
        Self(
            "passlib scrypt, $7$", .long,
            "$7$26..../....SodiumChloride$JJKnR1T5y.PtwC5qP7j7/QJt/jUJLm9CDS716AaBkn0"),
        Self(
            "passlib pbkdf2_sha256", .long,
            "$pbkdf2-sha256$1000$01orZSyllNJaqxWCEEKIkQ$uUXsWe/9FxEbefBaHW7AoQrc.i0PbYg2"
                + "1UtTkD2ahL8"),
        Self(
            "passlib pbkdf2_sha512", .long,
            "$pbkdf2-sha512$1000$jFEqBcDY.3/PGeN8710LwQ$lh/QTxPWMx9HtDIpCL1CqXiVJ6jmukHV"
                + "qH873ooQpPJdoJEUmstkBsOLCPDdNdIHdHmfpq.b2fSZylmA77rrxw"),
        Self(
            "crypt(3) yescrypt, cost 1", .short,
            "$y$j75$aeaUW8SfOuLBKxM2.zLeP.$zLfk7TuRLvzk.mKq7ruCXPfYNkVPya/TsgXRqp.5tJ3"),
        Self(
            "crypt(3) yescrypt, cost 3", .short,
            "$y$j7T$KTUpw2zskSECsvv0ja8zF/$78Exhz4QuN7xtysGuxV1w1Y84l6jlIxqBnprXw3ozb1"),
        Self(
            "crypt(3) yescrypt, cost 5", .short,
            "$y$j9T$kXqx5DpU4M08a4836fdcR0$7Q5n5yH5Mt8w7EOKa39y.FyCMM8pIm7gGOHxo9ddwJ1"),
        Self(
            "crypt(3) scrypt", .short,
            "$7$BU..../....FXjDJjy9cfe1NMKPlc2hS.$5P4H5cUldil4NrVdLfA.CwqLPXNCi1ExoI24DEZTmn/"),
        Self(
            "crypt(3) bcrypt", .short,
            "$2b$04$47nJ8q2ne3k3kLs5cG1PCuh52nRSzPC548pUp1SO.aGsg2Ah6Ti66"),
        Self(
            "crypt(3) sha256crypt", .short,
            "$5$rounds=1000$LGsQWptQD2HHi/d7$Bo9YptV.rEppwR9VBXjGDJw9yTIfoVPlsG00D3FWrJ3"),
        Self(
            "crypt(3) sha512crypt", .short,
            "$6$JSUI5Qd8dECIrF6E$prrn1F58oLXrcK/z43/pMdb9nmyYSJVdtTwpoO7yptOmx1gBr7Uptta"
                + "WE1LkdEA5pV0LbH1RBqwQunnPUiyvh0"),
        Self(
            "crypt(3) yescrypt, cost 1", .unicode,
            "$y$j75$JUY3QN.P692XY08PttWaQ/$pc.1WmatPbUE9o7Kp/q.4MIlkI2oKPhgMrJQYEHbCR0"),
        Self(
            "crypt(3) yescrypt, cost 3", .unicode,
            "$y$j7T$p4pQ.kRRY24n7cT4JJ0.81$Ya84wwkI4G5dvrpQ0Y3EHhlkUjQq0HQ2nk8MGGLT5l."),
        Self(
            "crypt(3) yescrypt, cost 5", .unicode,
            "$y$j9T$DC0tk4SvyxIcJMl0DNqLS0$w0C3Y0XLxZDyCT5Uh5gWfAQ6umTlSzWo3zggfXSZ7qC"),
        Self(
            "crypt(3) scrypt", .unicode,
            "$7$BU..../....P.YY2h59H4j8e3461193k.$1Z0tUK//ZyOAcehSBo6yAezDL/ORgLh3NbgC77mhwbC"),
        Self(
            "crypt(3) bcrypt", .unicode,
            "$2b$04$KjAqWvA6pPuL3SjDunInLOmAYy/J1.8KhmOp0tegEsvD.6VY7gGjG"),
        Self(
            "crypt(3) sha256crypt", .unicode,
            "$5$rounds=1000$pdBoeNg1YB8zXZG7$eguvXBG4WQCeZDrF3wmZvR3ozhgWLFqrfqEXrrnHhX/"),
        Self(
            "crypt(3) sha512crypt", .unicode,
            "$6$n0iwsgkyKA/f5MmP$Atv0hevBelLpjoslADC/qX7MDwYnMZyg4btr9fkc0.XW.08wH.quJvE"
                + "PsH5m8lzB2N9fSfJQoUWJopB4vBhES."),
        Self(
            "crypt(3) yescrypt, cost 1", .long,
            "$y$j75$XVoKCYy..wyoAsi9HkpRz0$SbS10o8M5GoBf1fLb13jajEqG/2XYlrKEehHNavuh.0"),
        Self(
            "crypt(3) yescrypt, cost 3", .long,
            "$y$j7T$o5tpHT0VMuynOdtxPo1gc/$jU9eoiRL5cy683tiLE6CH1PhEOc9pi425DYrMiOPTQ."),
        Self(
            "crypt(3) yescrypt, cost 5", .long,
            "$y$j9T$OCNX5XqDRicyPN4F6FCgC1$nvHicln3TRitBO1S78GtlE2qD7Jedhr/OTtFzS95KjD"),
        Self(
            "crypt(3) scrypt", .long,
            "$7$BU..../....la5ixJ0g60Veg0j07eT0V/$1x0StrkxX1.52SM10FCWRw/iK.EfUuwLSki56BTIqf2"),
        Self(
            "crypt(3) bcrypt", .long,
            "$2b$04$wMjksFjCiFzyUn8JU806N.OF/2.aksyYqEvwkrsYlgnqxpfO3Vd46"),
        Self(
            "crypt(3) sha256crypt", .long,
            "$5$rounds=1000$SghJfj1s4xOlyOeB$iSkYLwu46scBPEyEzyTMOac50hcDesZFy9r2u7wbJs1"),
        Self(
            "crypt(3) sha512crypt", .long,
            "$6$TFYgVJG2KWm9FH61$q2IRgg5pmZMVhJybZOfzDdoYLk9if/on3iUR.otv0yZWFaynO9NDBXE"
                + "hs2KO6bZDwTaXNEFE5lCDeaX9IXj1a1"),
    ]
}
