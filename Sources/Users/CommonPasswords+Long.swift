extension CommonPasswords {
    /// Common passwords of 15 characters and more.
    static let long = """
        00rdtsau4leyzunckj121dwm 010203040506070809 09876543211234567890 0k1o2v3a4l5e6v7
        102030405060708090 111111111111111 1111111111111111 11111111111111111111 111222333444555
        112233445566778899 11223344556677889900 1213141516171819 122333444455555 123123123123123
        123451234512345 1234567812345678 123456787654321 1234567887654321 12345678900987654321
        1234567890123456789 12345678901234567890 1234567890987654321 1234567890anton
        1234567890qweasd 1234567890qwerty 1234567890qwertyuiop 123456789101112 123456789123456
        123456789123456789 12345678987654321 1234567899876543 123456789987654321 123456789qazwsx
        123456789qwerty 123456789qwertyu 123456789qwertyuiop 12345678qwertyu 12345678qwertyui
        12345qwertasdfg 1234qwerasdfzxcv 123qwe123qwe123 12qwaszx34erdfcv 1324354657687980
        14021992004urban 147258369147258369 1a2s3d4f5g6h7j8k 1qa2ws3ed4rf5tg 1qaz2wsx3edc4rfv
        1qazxsw23edcvfr4 1xpx66blrumblst6bbus3 2222333344445555 23176djivanfros 258456789qazzaq5
        277rte87hryloitru 2sexy2hottoh2yxes2 30secondstomars 321673216732167 420842084208555
        555555555555555 85fg754kl62br853lpq7 923650asdfghjkl 987654321123456789 987654321987654321
        a1s2d3f4g5h6j7k8 aksjdlasdakj89879 asdfghjkl123456 asdfghjklzxcvbnm bhrh0h2oof6xbqjeh
        bpgjldsgjldthnf c3hfpyteuflftim cfvfzcxfcnkbdfz changed_due_to_fraud cheaphornybastard
        cjdthityyjctrhtnyj cristianoronaldo dima324315198540 drift89094072877 ds6tetsfdsrfdfgd
        dsgtylhbdfntkm82 dust360271212009 eagle1110-stimpy efwe5tgwa5twhgd egew5twt3tgh65y
        ejxjzgbgunaz9z6j6exbniqga ereyes4269-ryan1199 eropokereropoker euq8pvhrnpssdymizqx+
        fuckyourbrain13 fypjhbr007dfcz007rfr gbplfnsqgfhjkm1 gjgeufqhjvfyfzif gordolee85-mac2olli
        gqlsstfhqgwwvqxjx gthtgjldsgjldthn gygypyfyyyposhy hd764nw5d7e1vb1 hd764nw5d7e1vbv
        heatoclevaedr36 hgdxtgttgfdtdtes hjpjxrf23062007 ikhouvanjeomer12345 incrediblereview
        justinkislyanka kyk1rbk1hbw0uqkckwbh lhbjkjubz2957704 lytdybrbdfvgbhf mailcreated5240
        manchesterunited momsanaladventure muslim0626461997 nbkbvbkbnhzvlbz ne_e_pod_chehyl
        nemvxyheqdd5oqxyxyzi neversaymypassword nick1234-rem936 onlyone4-myxworld orientepetroler
        parliament12345 passwordassword passwordpassword passwordstandard pedrolucasmunhoz
        perasperaadastra perfectexploiter polniypizdec0211 polniypizdec1102 polniypizdec110211
        prigoda25392637 professionaltools q1w2e3r4t5y6u7i8 q1w2e3r4t5y6u7i8o9p0 qawsedrftgyhujik
        qazwsxedcrfvtgb qazwsxedcrfvtgbyhn qazxswedcvfrtgb quant4307quant4307 qwerasdfzxcv1234
        qwertasdfgzxcvb qwerty123456789 qwerty1234567890 qwerty123qwerty qwertyuiop12345
        qwertyuiop123456789 qwertyuiopasdfg qwertyuiopasdfgh qwertyuiopasdfghjkl
        qwertyuiopasdfghjklzxcvbnm relaxwebbewxaler rfewtww5tgregtr rgihlxoyoclmgiqsu
        rmracinggnicarmr rumpelstiltzkin samsungkoze176351 sasha1993150205 sashasashasasha
        ske9k9tch3r5w9s spectrumsonline ssssssssssssssss stairwaytoheaven supercutekawaii
        teshka_poltavka ulrace173rfhgjd vfcnthbvfhufhbnf vjqvfktymrbqvbh vladivostok2000
        vsebudethorosho vtyltkttdrfrfhf wegangster4lifebitch worldofwarcraft wsxz3823922163845
        x4cc355b10wsy0urm1nd xf6cmqlrpeuhjuvv xkzwnuxkdn9a8kcykuitbkg1g y5hjkdg82490840
        yfcnzyfcnzyfcnz yfltymrfxgjr0707 youngandrestless zaq12wsxcde34rfv zcfvfzcxfcnkbdfz
        zeus7169-ladidadi zghjcnjgfifujleyjd zqjphsyf6ctifgu zxcvbnm12345678 zxcvbnm123456789
        zxcvbnmasdfghjkl
        """
}
