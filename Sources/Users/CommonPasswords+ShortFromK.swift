extension CommonPasswords {
    /// Common passwords of 8 to 14 characters, from the letter K on.
    static let shortFromK = """
        kakashka kamasutra kamikaze kangaroo karolina katarina katerina katherin katherine kathleen
        kawasaki kayleigh kazantip kcj9wx5n kentucky kenworth keyboard keystone killbill killer12
        killer123 killkill kimberly kingfish kingking kingkong kingston kirkland kisskiss kissmyass
        kittycat kittykat kjrjvjnbd kkkkkkkk kleopatra klondike knickers knockers knuckles
        konstantin kordell1 koroleva krasotka kristian kristina kristine krokodil labrador lacrosse
        laetitia lakeside lakewood lalakers lalalala lancelot lasvegas laurence lawrence
        leavemealone leedsutd lemonade leonardo lesbians letmein1 letmein2 letsdoit lfitymrf
        lifehack lifetime lighting lightnin lightning limewire lineage2 lionking lipstick lisalisa
        liverpoo liverpool liverpool1 lkjhgfds lkjhgfdsa llllllll lockdown logitech lokiloki
        lokomotiv lollipop lollypop lonesome lonestar lonewolf longdong longhair longhorn longjohn
        lorraine loveless lovelife lovelove loverboy lowrider luckydog luckyone macdaddy madeline
        madison1 magazine magellan magician magicman magnolia majestic makaveli maksimka mamacita
        mamamama mamapapa manchest manchester mandarin mandingo mandrake maradona marathon marcello
        marcius2 margaret margarit margarita marianna marianne marijuan marijuana mariners marines1
        marino13 mariposa marjorie marlboro marriage marseill marseille marshall martinez maryjane
        maryland masamune maserati mash4077 master12 masterbate masterbating matchbox matthew1
        matthews matthias maverick maxwell1 mazafaka mazda626 mazdarx7 mcdonald mckenzie meatball
        meathead meatloaf mechanic medicine megadeth megapass megatron melissa1 meowmeow mephisto
        mercedes meredith meridian mersedes metallic metallica michael1 michael2 michaela michaels
        michelle michigan microlab microphone microsof microsoft midnight mikemike military
        millenium millions millwall minecraft minemine minimoni ministry mischief misfit99
        mississippi missouri mistress mitchell mmmmmmmm mobydick modelsne mohammad mohammed mollydog
        monalisa money123 moneyman mongoose monkey12 monkeybo monopoly monster1 monsters montecar
        montgom240 montreal montrose moonbeam moonligh moonlight moonshin morpheus morrison mortgage
        mortimer motherfucker motherlode motocros motorola mountain mudvayne mulligan multiplelo
        munchkin mushroom musicman mustang1 mustang6 mustangs mynameis mypassword napoleon nascar24
        natasha1 nathalie national nautilus navigator navyseal ncc1701a ncc1701d ncc1701e ncc74656
        nebraska netscape nevermind nevermore newcastl newcastle newpass6 newyork1 nicholas nightmar
        nightmare nightwish nineball nineinch nintendo nirvana1 nnnnnnnn nokia6233 nokia6300
        nokian73 noname123 nonenone normandy northern nostromo notebook nounours november nthvbyfnjh
        nuttertools nwo4life nygiants oblivion obsidian offshore oklahoma oooooooo opendoor operator
        optimist original overkill overlord p0015123 p0o9i8u7 p4ssw0rd pa55w0rd pa55word packers1
        paintbal paintball painting pakistan pallmall palmtree panasoni panasonic pancakes pantera1
        panther1 panthers pantyhos papamama papillon paradigm paradise paramedi paranoid pasadena
        pass1234 passpass passport passw0rd passwor1 password password1 password12 password123
        password2 password9 passwords passwort pathetic pathfind patience patricia patrick1 patriots
        pavement pavilion peaches1 pearljam peekaboo penelope penetration penguin1 penguins pentagon
        penthous perfect1 personal peterbil peterpan peterson pharmacy phialpha philippe phillies
        phillips phoenix1 pianoman pictures piercing pimpdadd pineappl pineapple pinetree pingpong
        pinkfloy pinkfloyd pinnacle pipeline piramida pizzaman plastics platinum platypus playball
        playboy1 playmate playstat playstation playtime pleasure plymouth poiuytre poiuytrewq
        pokemon1 polopolo poohbear pool6123 poontang pooppoop porkchop pornking pornporn pornstar
        porsche1 porsche9 portland portugal poseidon positive power123 pppppppp preacher precious
        predator presario presiden president pressure princess pringles printing private1 progress
        property prospect pufunga7782 pumpkin1 pumpkins punisher punkrock puppydog pussy123 pussycat
        pussyman q1234567 q123456789 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 q2w3e4r5 qawsedrf qazwsx12
        qazwsx123 qazwsxed qazwsxedc qazwsxedc123 qazwsxedcrfv qazxswedc qqqqqqqq question qwe123qwe
        qweasd123 qweasdzxc qweqweqwe qwer1234 qwerasdf qwerqwer qwert123 qwert12345 qwerty11
        qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyui qwertyuio
        qwertyuiop qwqwqwqw r2d2c3po radiohea radiohead ragnarok raiders1 railroad rainbow1 rainbow6
        rainbows rainyday raistlin rammstein rangers1 rasputin rastaman realmadrid rebecca1 reckless
        recovery redalert redbaron reddevil reddwarf redskins redwings reginald register remember
        remingto renegade republic research resident revolution revolver reynolds rfhnjirf rfnthbyf
        rfntymrf rfvfcenhf rhbcnbyf rhfcjnrf rhiannon rhjrjlbk rhtdtlrj riccardo richard1 richards
        richmond rightnow rjhjktdf rjirfrgbde rjycnfynby roadkill roadking roadrunn roadrunner
        roadster robinson robotech robotics rochelle rockford rockhard rocknrol rocknroll rockstar
        rockwell rolltide romantic romashka rootbeer rosemary rrrrrrrr runescape rush2112 sabrina1
        sailboat salamander salasana salvador samantha sammy123 samsung1 sandiego sandrine sandwich
        santiago sapphire saratoga sasha_007 satan666 saturday sausages savannah scarface scarlett
        scheisse scissors scoobydo scoobydoo scooter1 scorpio1 scorpion scotland scrabble scrapper
        screamer seahawks sebastia sebastian security segblue2 seinfeld seminole semperfi senators
        sentinel septembe september serenity sergbest sergeant sersolution services sexsexsex
        sexybabe sexygirl sexylady sexysexy shadow12 shamrock shaney14 shanghai shannon1 sheepdog
        shepherd sheridan sherlock sherwood shitface shithead shopping showtime sidekick sigmachi
        silverad simpsons sinclair singapor sinister sithlord skateboard skinhead skittles skorpion
        skywalke skywalker slamdunk slapshot slimshad slimshady slipknot slippery slowhand smackdow
        smackdown smashing smeghead smirnoff smoothie sneakers snickers snoopdog snowball snowbird
        snowboar snowboard snowflak snuggles soccer10 soccer12 socrates softball software
        sojdlg123aljg solitude solution somerset somethin something sonyericsson sonyfuck sonysony
        soso123aljg soulmate southern southpar southpark southpaw spaceman spanking sparkles
        spartan1 spartans speakers specialk spectrum speedway spencer1 spiderma spiderman spitfire
        splinter spongebo spongebob sporting springer sprinter squirrel srinivas ssssssss stafford
        stallion standard stanford stanislav starbuck starcraf starcraft stardust starfire starfish
        stargate starligh starship starstar startrek starwars steelers stefanie stephane stephani
        stephanie stephen1 sterling stickman stigmata stingray stocking stockton stonecol stonecold
        straight stranger stratfor strawber strawberry streaming strength stripper suburban success1
        suckdick suckmydick sullivan summer69 summer99 sundance sundevil sunflowe sunflower sunlight
        sunnyday sunshine super123 superfly superior superman superman1 supernov supernova supersta
        superstar survivor svetlana sweetnes sweetness sweetpea swimming swingers swinging swordfis
        swordfish sylveste syncmaster syracuse tacobell taekwondo talisman tarheels tazmania
        technics teddybea teddybear telephon telephone temppass tennesse terminal terminat
        terminator terrapin test1234 testing1 testpass testtest thailand thanatos thankyou thedoors
        theforce thegreat theodore therock1 thirteen thisisit thompson thrasher threesom thuglife
        thunder1 thunderb thursday tiberius tiffany1 tiger123 tigercat tinkerbe tinkerbell titanium
        titleist tkbpfdtnf together tokiohotel tomahawk tommyboy tomorrow toonarmy toriamos tottenha
        tottenham touching training transfer translator traveler treasure treefrog trfnthbyf
        triangle trinidad trinitro trombone tropical trouble1 trucking truelove trustno1 tttttttt
        tunafish turkey50 twilight ultimate umbrella underdog underground undertak undertaker
        universa universal universe university username usuckballz1 vacation vagabond valencia
        valentin valentina valentine valhalla valkyrie vampires vancouve vanguard vanhalen vasilisa
        vauxhall velocity vendetta verbatim veronica veronika vfhufhbnf vfitymrf vfntvfnbrf vfrcbvrf
        vfvfgfgf victoria viewsoni viewsonic vikings1 viktoria viktoriya violetta vipergts virginia
        virginie vjqgfhjkm vkontakte vladimir vladislav volkswag volleyba voyager1 vqsablpzla
        vsjasnel12 wanderer warcraft wareagle warhamme warhammer warrior1 warriors washburn washingt
        washington waterboy waterloo webhompas webmaste webmaster welcome1 werewolf westside
        westwood wetpussy wg8e3wjf whatever whatwhat whiplash whiskers whistler whiteboy whiteout
        whitesox whocares wildbill wildcard wildcats wildfire wildwood william1 williams windmill
        windsurf winston1 wireless wishbone wolfgang wolfpack wolverin wolverine wonderboy wonderful
        woodland woodstoc woofwoof wordpass wp2003wp wrangler wrestler wrestlin wrestling wrinkle1
        wwwwwwww xxxxxxxx yamahar1 yankees1 yankees2 yeahbaby yfcntymrf yjdsqgfhjkm yogibear
        yosemite yyyyyyyy z1x2c3v4 zachary1 zanzibar zaq12wsx zaq1xsw2 zaqwsxcde zaqxswcde zeppelin
        zerocool zildjian zxasqw12 zxcasdqwe zxcasdqwe123 zxcv1234 zxcvbnm1 zxcvbnm123 zzzzzzzz
        """
}
