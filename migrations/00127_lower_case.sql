-- +goose Up
-- Lower case by a table of Unicode 15, as in the domain. A server lowers by the
-- tables of its ICU or of its C library, whose versions know other letters. The next
-- migration folds the stored names again.

-- Writers that fold by the functions before have ended when the lock is taken.
LOCK TABLE roster.users IN SHARE ROW EXCLUSIVE MODE;

-- The text is normalized (NFKD): of Å there is an A by now. Each group is for the
-- scripts that need it, since a translation compares each letter with all of a group.
-- It is no function of its own, which roles would need a right to execute.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_letters(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    -- From the zero of each script on.
    digits constant text :=
        E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9'
        '\u07c0\u07c1\u07c2\u07c3\u07c4\u07c5\u07c6\u07c7\u07c8\u07c9\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f'
        '\u09e6\u09e7\u09e8\u09e9\u09ea\u09eb\u09ec\u09ed\u09ee\u09ef\u0a66\u0a67\u0a68\u0a69\u0a6a\u0a6b\u0a6c\u0a6d\u0a6e\u0a6f'
        '\u0ae6\u0ae7\u0ae8\u0ae9\u0aea\u0aeb\u0aec\u0aed\u0aee\u0aef\u0b66\u0b67\u0b68\u0b69\u0b6a\u0b6b\u0b6c\u0b6d\u0b6e\u0b6f'
        '\u0be6\u0be7\u0be8\u0be9\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0c66\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f'
        '\u0ce6\u0ce7\u0ce8\u0ce9\u0cea\u0ceb\u0cec\u0ced\u0cee\u0cef\u0d66\u0d67\u0d68\u0d69\u0d6a\u0d6b\u0d6c\u0d6d\u0d6e\u0d6f'
        '\u0e50\u0e51\u0e52\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59\u0ed0\u0ed1\u0ed2\u0ed3\u0ed4\u0ed5\u0ed6\u0ed7\u0ed8\u0ed9'
        '\u0f20\u0f21\u0f22\u0f23\u0f24\u0f25\u0f26\u0f27\u0f28\u0f29\u1040\u1041\u1042\u1043\u1044\u1045\u1046\u1047\u1048\u1049'
        '\u17e0\u17e1\u17e2\u17e3\u17e4\u17e5\u17e6\u17e7\u17e8\u17e9\u1810\u1811\u1812\u1813\u1814\u1815\u1816\u1817\u1818\u1819';
BEGIN
    words := lower(words COLLATE "C"); -- A to Z
    IF octet_length(words) = char_length(words) THEN
        RETURN words;
    END IF;
    IF words COLLATE "C" ~ '[\u00c6-\u0556\u10a0-\u10cd\u13a0-\u13f5\u1c90-\u1cbf\u1e9e-\u1efe\u2132\u2183\u2c00-\u2cf2\ua640-\ua7f5'
        '\U00010400-\U0001e921]' THEN
        IF words COLLATE "C" ~ '[\u00c6-\u024e\u1e9e-\u1efe\u2132\u2183]' THEN
            -- Latin.
            words := translate(words, 'ÆÐØÞĐĦŁŊŒŦƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƢƤƦƧƩ',
                'æðøþđħłŋœŧɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵƣƥʀƨʃ');
            words := translate(words, 'ƬƮƱƲƳƵƷƸƼǤǶǷȜȠȢȤȺȻȽȾɁɃɄɅɆɈɊɌɎẞỺỼỾℲↃ',
                'ƭʈʊʋƴƶʒƹƽǥƕƿȝƞȣȥⱥȼƚⱦɂƀʉʌɇɉɋɍɏßỻỽỿⅎↄ');
        END IF;
        IF words COLLATE "C" ~ '[\u0370-\u03ff]' THEN
            -- Greek.
            words := translate(words, 'ͰͲͶͿΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩϏϘϚϜϞϠϢϤϦϨϪϬϮϷϺϽϾϿ',
                'ͱͳͷϳαβγδεζηθικλμνξοπρστυφχψωϗϙϛϝϟϡϣϥϧϩϫϭϯϸϻͻͼͽ');
        END IF;
        IF words COLLATE "C" ~ '[\u0402-\u042f]' THEN
            -- Cyrillic of most languages.
            words := translate(words, 'ЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
                'ђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюя');
        END IF;
        IF words COLLATE "C" ~ '[\u0460-\u0556]' THEN
            -- Cyrillic of the others, and Armenian.
            words := translate(words, 'ѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸ',
                'ѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹ');
            words := translate(words, 'ҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪ',
                'һҽҿӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫ');
            words := translate(words, 'ԬԮԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ',
                'ԭԯաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ');
        END IF;
        IF words COLLATE "C" ~ '[\u10a0-\u10cd\u13a0-\u13f5\u1c90-\u1cbf\u2c00-\u2cf2\ua640-\ua7f5]' THEN
            -- Georgian, Cherokee, Glagolitic, Coptic, and rare letters of Cyrillic and Latin.
            words := translate(words, 'ႠႡႢႣႤႥႦႧႨႩႪႫႬႭႮႯႰႱႲႳႴႵႶႷႸႹႺႻႼႽႾႿჀჁჂჃჄჅჇჍᲐᲑᲒ',
                'ⴀⴁⴂⴃⴄⴅⴆⴇⴈⴉⴊⴋⴌⴍⴎⴏⴐⴑⴒⴓⴔⴕⴖⴗⴘⴙⴚⴛⴜⴝⴞⴟⴠⴡⴢⴣⴤⴥⴧⴭაბგ');
            words := translate(words, 'ᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿ',
                'დევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿ');
            words := translate(words, 'ᎠᎡᎢᎣᎤᎥᎦᎧᎨᎩᎪᎫᎬᎭᎮᎯᎰᎱᎲᎳᎴᎵᎶᎷᎸᎹᎺᎻᎼᎽᎾᎿᏀᏁᏂᏃᏄᏅᏆᏇᏈᏉᏊ',
                'ꭰꭱꭲꭳꭴꭵꭶꭷꭸꭹꭺꭻꭼꭽꭾꭿꮀꮁꮂꮃꮄꮅꮆꮇꮈꮉꮊꮋꮌꮍꮎꮏꮐꮑꮒꮓꮔꮕꮖꮗꮘꮙꮚ');
            words := translate(words, 'ᏋᏌᏍᏎᏏᏐᏑᏒᏓᏔᏕᏖᏗᏘᏙᏚᏛᏜᏝᏞᏟᏠᏡᏢᏣᏤᏥᏦᏧᏨᏩᏪᏫᏬᏭᏮᏯᏰᏱᏲᏳᏴᏵ',
                'ꮛꮜꮝꮞꮟꮠꮡꮢꮣꮤꮥꮦꮧꮨꮩꮪꮫꮬꮭꮮꮯꮰꮱꮲꮳꮴꮵꮶꮷꮸꮹꮺꮻꮼꮽꮾꮿᏸᏹᏺᏻᏼᏽ');
            words := translate(words, 'ⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠⰡⰢⰣⰤⰥⰦⰧⰨⰩⰪⰫⰬⰭⰮⰯ',
                'ⰰⰱⰲⰳⰴⰵⰶⰷⰸⰹⰺⰻⰼⰽⰾⰿⱀⱁⱂⱃⱄⱅⱆⱇⱈⱉⱊⱋⱌⱍⱎⱏⱐⱑⱒⱓⱔⱕⱖⱗⱘⱙⱚⱛⱜⱝⱞⱟ');
            words := translate(words, 'ⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿⲀⲂⲄⲆⲈⲊⲌⲎⲐⲒⲔⲖⲘⲚⲜⲞⲠⲢⲤ',
                'ⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀⲁⲃⲅⲇⲉⲋⲍⲏⲑⲓⲕⲗⲙⲛⲝⲟⲡⲣⲥ');
            words := translate(words, 'ⲦⲨⲪⲬⲮⲰⲲⲴⲶⲸⲺⲼⲾⳀⳂⳄⳆⳈⳊⳌⳎⳐⳒⳔⳖⳘⳚⳜⳞⳠⳢⳫⳭⳲ',
                'ⲧⲩⲫⲭⲯⲱⲳⲵⲷⲹⲻⲽⲿⳁⳃⳅⳇⳉⳋⳍⳏⳑⳓⳕⳗⳙⳛⳝⳟⳡⳣⳬⳮⳳ');
            words := translate(words, 'ꙀꙂꙄꙆꙈꙊꙌꙎꙐꙒꙔꙖꙘꙚꙜꙞꙠꙢꙤꙦꙨꙪꙬꚀꚂꚄꚆꚈꚊꚌꚎꚐꚒꚔꚖꚘꚚ',
                'ꙁꙃꙅꙇꙉꙋꙍꙏꙑꙓꙕꙗꙙꙛꙝꙟꙡꙣꙥꙧꙩꙫꙭꚁꚃꚅꚇꚉꚋꚍꚏꚑꚓꚕꚗꚙꚛ');
            words := translate(words, 'ꜢꜤꜦꜨꜪꜬꜮꜲꜴꜶꜸꜺꜼꜾꝀꝂꝄꝆꝈꝊꝌꝎꝐꝒꝔꝖꝘꝚꝜꝞꝠꝢꝤꝦꝨꝪꝬꝮꝹꝻꝽꝾꞀ',
                'ꜣꜥꜧꜩꜫꜭꜯꜳꜵꜷꜹꜻꜽꜿꝁꝃꝅꝇꝉꝋꝍꝏꝑꝓꝕꝗꝙꝛꝝꝟꝡꝣꝥꝧꝩꝫꝭꝯꝺꝼᵹꝿꞁ');
            words := translate(words, 'ꞂꞄꞆꞋꞍꞐꞒꞖꞘꞚꞜꞞꞠꞢꞤꞦꞨꞪꞫꞬꞭꞮꞰꞱꞲꞳꞴꞶꞸꞺꞼꞾꟀꟂꟄꟅꟆꟇꟉꟐꟖꟘꟵ',
                'ꞃꞅꞇꞌɥꞑꞓꞗꞙꞛꞝꞟꞡꞣꞥꞧꞩɦɜɡɬɪʞʇʝꭓꞵꞷꞹꞻꞽꞿꟁꟃꞔʂᶎꟈꟊꟑꟗꟙꟶ');
        END IF;
        IF words COLLATE "C" ~ '[\U00010400-\U0001e921]' THEN
            -- Scripts beyond the basic plane: Deseret, Osage, Vithkuqi, Old Hungarian, Warang Citi, Medefaidrin, Adlam.
            words := translate(words, '𐐀𐐁𐐂𐐃𐐄𐐅𐐆𐐇𐐈𐐉𐐊𐐋𐐌𐐍𐐎𐐏𐐐𐐑𐐒𐐓𐐔𐐕𐐖𐐗𐐘𐐙𐐚𐐛𐐜𐐝𐐞𐐟𐐠𐐡𐐢𐐣𐐤𐐥𐐦𐐧',
                '𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯𐐰𐐱𐐲𐐳𐐴𐐵𐐶𐐷𐐸𐐹𐐺𐐻𐐼𐐽𐐾𐐿𐑀𐑁𐑂𐑃𐑄𐑅𐑆𐑇𐑈𐑉𐑊𐑋𐑌𐑍𐑎𐑏');
            words := translate(words, '𐒰𐒱𐒲𐒳𐒴𐒵𐒶𐒷𐒸𐒹𐒺𐒻𐒼𐒽𐒾𐒿𐓀𐓁𐓂𐓃𐓄𐓅𐓆𐓇𐓈𐓉𐓊𐓋𐓌𐓍𐓎𐓏𐓐𐓑𐓒𐓓',
                '𐓘𐓙𐓚𐓛𐓜𐓝𐓞𐓟𐓠𐓡𐓢𐓣𐓤𐓥𐓦𐓧𐓨𐓩𐓪𐓫𐓬𐓭𐓮𐓯𐓰𐓱𐓲𐓳𐓴𐓵𐓶𐓷𐓸𐓹𐓺𐓻');
            words := translate(words, '𐕰𐕱𐕲𐕳𐕴𐕵𐕶𐕷𐕸𐕹𐕺𐕼𐕽𐕾𐕿𐖀𐖁𐖂𐖃𐖄𐖅𐖆𐖇𐖈𐖉𐖊𐖌𐖍𐖎𐖏𐖐𐖑𐖒𐖔𐖕',
                '𐖗𐖘𐖙𐖚𐖛𐖜𐖝𐖞𐖟𐖠𐖡𐖣𐖤𐖥𐖦𐖧𐖨𐖩𐖪𐖫𐖬𐖭𐖮𐖯𐖰𐖱𐖳𐖴𐖵𐖶𐖷𐖸𐖹𐖻𐖼');
            words := translate(words, '𐲀𐲁𐲂𐲃𐲄𐲅𐲆𐲇𐲈𐲉𐲊𐲋𐲌𐲍𐲎𐲏𐲐𐲑𐲒𐲓𐲔𐲕𐲖𐲗𐲘𐲙𐲚𐲛𐲜𐲝𐲞𐲟𐲠𐲡𐲢𐲣𐲤𐲥𐲦𐲧𐲨𐲩𐲪𐲫𐲬𐲭𐲮𐲯𐲰𐲱𐲲',
                '𐳀𐳁𐳂𐳃𐳄𐳅𐳆𐳇𐳈𐳉𐳊𐳋𐳌𐳍𐳎𐳏𐳐𐳑𐳒𐳓𐳔𐳕𐳖𐳗𐳘𐳙𐳚𐳛𐳜𐳝𐳞𐳟𐳠𐳡𐳢𐳣𐳤𐳥𐳦𐳧𐳨𐳩𐳪𐳫𐳬𐳭𐳮𐳯𐳰𐳱𐳲');
            words := translate(words, '𑢠𑢡𑢢𑢣𑢤𑢥𑢦𑢧𑢨𑢩𑢪𑢫𑢬𑢭𑢮𑢯𑢰𑢱𑢲𑢳𑢴𑢵𑢶𑢷𑢸𑢹𑢺𑢻𑢼𑢽𑢾𑢿',
                '𑣀𑣁𑣂𑣃𑣄𑣅𑣆𑣇𑣈𑣉𑣊𑣋𑣌𑣍𑣎𑣏𑣐𑣑𑣒𑣓𑣔𑣕𑣖𑣗𑣘𑣙𑣚𑣛𑣜𑣝𑣞𑣟');
            words := translate(words, '𖹀𖹁𖹂𖹃𖹄𖹅𖹆𖹇𖹈𖹉𖹊𖹋𖹌𖹍𖹎𖹏𖹐𖹑𖹒𖹓𖹔𖹕𖹖𖹗𖹘𖹙𖹚𖹛𖹜𖹝𖹞𖹟',
                '𖹠𖹡𖹢𖹣𖹤𖹥𖹦𖹧𖹨𖹩𖹪𖹫𖹬𖹭𖹮𖹯𖹰𖹱𖹲𖹳𖹴𖹵𖹶𖹷𖹸𖹹𖹺𖹻𖹼𖹽𖹾𖹿');
            words := translate(words, '𞤀𞤁𞤂𞤃𞤄𞤅𞤆𞤇𞤈𞤉𞤊𞤋𞤌𞤍𞤎𞤏𞤐𞤑𞤒𞤓𞤔𞤕𞤖𞤗𞤘𞤙𞤚𞤛𞤜𞤝𞤞𞤟𞤠𞤡',
                '𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭𞤮𞤯𞤰𞤱𞤲𞤳𞤴𞤵𞤶𞤷𞤸𞤹𞤺𞤻𞤼𞤽𞤾𞤿𞥀𞥁𞥂𞥃');
            -- Decompositions that Unicode 15 and 16 added. A server may not know them.
            words := translate(words, '𞀰𞀱𞀲𞀳𞀴𞀵𞀶𞀷𞀸𞀹𞀺𞀻𞀼𞀽𞀾𞀿𞁀𞁁𞁂𞁃𞁄𞁅𞁆𞁇𞁈𞁉𞁊𞁋𞁌𞁍𞁎',
                'абвгдежзиклмопрстуфхцчшыэюꚉәіјө');
            words := translate(words, '𞁏𞁐𞁑𞁒𞁓𞁔𞁕𞁖𞁗𞁘𞁙𞁚𞁛𞁜𞁝𞁞𞁟𞁠𞁡𞁢𞁣𞁤𞁥𞁦𞁧𞁨𞁩𞁪𞁫𞁬𞁭',
                'үӏабвгдежзиклопсуфхцчшъыґіѕџҫꙑұ');
            words := translate(words, '𐗉𐗤𜳖𜳗𜳘𜳙𜳚𜳛𜳜𜳝𜳞𜳟𜳠𜳡𜳢𜳣𜳤𜳥𜳦𜳧𜳨𜳩𜳪𜳫𜳬𜳭𜳮𜳯𜳰𜳱𜳲𜳳𜳴𜳵𜳶𜳷𜳸𜳹',
                '𐗒𐗚abcdefghijklmnopqrstuvwxyz0123456789');
        END IF;
    END IF;
    IF words COLLATE "C" ~ '[\u00df-\u02af\u03c2\u0491\u1d7d\u2c60-\u2c7f]' THEN
        -- Latin letters with a stroke, a hook or no dot; final sigma; ge.
        words := translate(words, 'ⱥəƀɓȼƈđðɖɗɇɛƒǥɠħⱨıɨɉȷƙⱪłƚŋɲøɔƥᵽɍɽŧƭʈⱦʉʋɏƴƶȥⱬςґ',
            'aabbccddddeefgghhiijjkkllnnoopprrttttuvyyzzzσг');
        words := replace(replace(replace(replace(words, 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th');
    END IF;
    IF words COLLATE "C" ~ '[\u05d0-\u06ff]' THEN
        -- Final forms of Hebrew, and the digraphs of Yiddish.
        words := translate(words, E'\u05da\u05dd\u05df\u05e3\u05e5', E'\u05db\u05de\u05e0\u05e4\u05e6');
        words := replace(replace(words, E'\u05f0', E'\u05d5\u05d5'), E'\u05f1', E'\u05d5\u05d9');
        words := replace(words, E'\u05f2', E'\u05d9\u05d9');
        -- Alefs, hehs, yehs and kafs of Arabic script.
        words := translate(words, E'\u0671\u0672\u0673\u0629\u06be\u06c1\u06c3\u06d5\u0649\u06cc\u06d2\u06a9\u06aa',
            E'\u0627\u0627\u0627\u0647\u0647\u0647\u0647\u0647\u064a\u064a\u064a\u0643\u0643');
    END IF;
    IF words COLLATE "C" ~ '[\u0900-\u0d7f]' THEN
        -- Candrabindu, and nasals before a consonant of their class, as anusvara.
        words := regexp_replace(words COLLATE "C", '\u0901|\u0919\u094d(?=[\u0915-\u0918])|\u091e\u094d(?=[\u091a-\u091d])|'
            '\u0923\u094d(?=[\u091f-\u0922])|\u0928\u094d(?=[\u0924-\u0927])|\u092e\u094d(?=[\u092a-\u092d])', E'\u0902', 'g');
        -- Letters of Bengali and Malayalam that are also written with a virama.
        words := replace(replace(words, E'\u09ce', E'\u09a4\u09cd'), E'\u0d7a', E'\u0d23\u0d4d');
        words := replace(replace(words, E'\u0d7b', E'\u0d28\u0d4d'), E'\u0d7c', E'\u0d30\u0d4d');
        words := replace(replace(words, E'\u0d7d', E'\u0d32\u0d4d'), E'\u0d7e', E'\u0d33\u0d4d');
        words := replace(words, E'\u0d7f', E'\u0d15\u0d4d');
    END IF;
    IF words COLLATE "C" ~ '[\u3041-\u30fe]' THEN
        -- Small kana, then katakana.
        words := translate(words, 'ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ', 'あいうえおつやゆよわかけあいうえおつやゆよわかけ');
        words := translate(words, 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲンヽ',
            'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ');
    END IF;
    IF words COLLATE "C" ~ '[\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef'
        '\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819]' THEN
        words := translate(words, digits, repeat('0123456789', 18));
    END IF;
    RETURN words;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_letters(text) IS
    'Replaces capitals by small letters (Unicode 15, whatever the server''s locale), then letters that are written in two ways, and digits.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words) THEN lower(words COLLATE "C")
    ELSE (normalize(roster.search_letters(regexp_replace(normalize(words, NFKD) COLLATE "C",
        '[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u061c\u0621'
        '\u0640\u064b-\u065f\u0670\u0674\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u08ca-\u08ff\u093c\u09bc'
        '\u0a3c\u0abc\u0b3c\u0cbc\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f'
        '\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\ufff8'
        '\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g')), NFC)) COLLATE "C"
    END
$$;
-- +goose StatementEnd

-- +goose Down
LOCK TABLE roster.users IN SHARE ROW EXCLUSIVE MODE;

-- +goose StatementBegin
DO $$
DECLARE
    rules text := '';
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
        rules := ' COLLATE pg_catalog."und-x-icu"';
    END IF;
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION roster.search_fold(words text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
            SELECT CASE WHEN octet_length(words) = char_length(words) THEN lower(words COLLATE "C")
            ELSE (normalize(roster.search_letters(lower(regexp_replace(normalize(words, NFKD) COLLATE "C",
                '[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u061c\u0621'
                '\u0640\u064b-\u065f\u0670\u0674\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u08ca-\u08ff\u093c\u09bc'
                '\u0a3c\u0abc\u0b3c\u0cbc\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f'
                '\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\ufff8'
                '\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g')%s)), NFC)) COLLATE "C"
            END
        $body$ $f$, rules);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION roster.search_letters(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    -- From the zero of each script on.
    digits constant text :=
        E'\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9'
        '\u07c0\u07c1\u07c2\u07c3\u07c4\u07c5\u07c6\u07c7\u07c8\u07c9\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f'
        '\u09e6\u09e7\u09e8\u09e9\u09ea\u09eb\u09ec\u09ed\u09ee\u09ef\u0a66\u0a67\u0a68\u0a69\u0a6a\u0a6b\u0a6c\u0a6d\u0a6e\u0a6f'
        '\u0ae6\u0ae7\u0ae8\u0ae9\u0aea\u0aeb\u0aec\u0aed\u0aee\u0aef\u0b66\u0b67\u0b68\u0b69\u0b6a\u0b6b\u0b6c\u0b6d\u0b6e\u0b6f'
        '\u0be6\u0be7\u0be8\u0be9\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0c66\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f'
        '\u0ce6\u0ce7\u0ce8\u0ce9\u0cea\u0ceb\u0cec\u0ced\u0cee\u0cef\u0d66\u0d67\u0d68\u0d69\u0d6a\u0d6b\u0d6c\u0d6d\u0d6e\u0d6f'
        '\u0e50\u0e51\u0e52\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59\u0ed0\u0ed1\u0ed2\u0ed3\u0ed4\u0ed5\u0ed6\u0ed7\u0ed8\u0ed9'
        '\u0f20\u0f21\u0f22\u0f23\u0f24\u0f25\u0f26\u0f27\u0f28\u0f29\u1040\u1041\u1042\u1043\u1044\u1045\u1046\u1047\u1048\u1049'
        '\u17e0\u17e1\u17e2\u17e3\u17e4\u17e5\u17e6\u17e7\u17e8\u17e9\u1810\u1811\u1812\u1813\u1814\u1815\u1816\u1817\u1818\u1819';
BEGIN
    IF octet_length(words) = char_length(words) THEN
        RETURN words;
    END IF;
    IF words COLLATE "C" ~ '[\u00df-\u02af\u03c2\u0491\u1d7d\u2c60-\u2c7f]' THEN
        -- Latin letters with a stroke, a hook or no dot; final sigma; ge.
        words := translate(words, 'ⱥəƀɓȼƈđðɖɗɇɛƒǥɠħⱨıɨɉȷƙⱪłƚŋɲøɔƥᵽɍɽŧƭʈⱦʉʋɏƴƶȥⱬςґ',
            'aabbccddddeefgghhiijjkkllnnoopprrttttuvyyzzzσг');
        words := replace(replace(replace(replace(words, 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th');
    END IF;
    IF words COLLATE "C" ~ '[\u05d0-\u06ff]' THEN
        -- Final forms of Hebrew, and the digraphs of Yiddish.
        words := translate(words, E'\u05da\u05dd\u05df\u05e3\u05e5', E'\u05db\u05de\u05e0\u05e4\u05e6');
        words := replace(replace(words, E'\u05f0', E'\u05d5\u05d5'), E'\u05f1', E'\u05d5\u05d9');
        words := replace(words, E'\u05f2', E'\u05d9\u05d9');
        -- Alefs, hehs, yehs and kafs of Arabic script.
        words := translate(words, E'\u0671\u0672\u0673\u0629\u06be\u06c1\u06c3\u06d5\u0649\u06cc\u06d2\u06a9\u06aa',
            E'\u0627\u0627\u0627\u0647\u0647\u0647\u0647\u0647\u064a\u064a\u064a\u0643\u0643');
    END IF;
    IF words COLLATE "C" ~ '[\u0900-\u0d7f]' THEN
        -- Candrabindu, and nasals before a consonant of their class, as anusvara.
        words := regexp_replace(words COLLATE "C", '\u0901|\u0919\u094d(?=[\u0915-\u0918])|\u091e\u094d(?=[\u091a-\u091d])|'
            '\u0923\u094d(?=[\u091f-\u0922])|\u0928\u094d(?=[\u0924-\u0927])|\u092e\u094d(?=[\u092a-\u092d])', E'\u0902', 'g');
        -- Letters of Bengali and Malayalam that are also written with a virama.
        words := replace(replace(words, E'\u09ce', E'\u09a4\u09cd'), E'\u0d7a', E'\u0d23\u0d4d');
        words := replace(replace(words, E'\u0d7b', E'\u0d28\u0d4d'), E'\u0d7c', E'\u0d30\u0d4d');
        words := replace(replace(words, E'\u0d7d', E'\u0d32\u0d4d'), E'\u0d7e', E'\u0d33\u0d4d');
        words := replace(words, E'\u0d7f', E'\u0d15\u0d4d');
    END IF;
    IF words COLLATE "C" ~ '[\u3041-\u30fe]' THEN
        -- Small kana, then katakana.
        words := translate(words, 'ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ', 'あいうえおつやゆよわかけあいうえおつやゆよわかけ');
        words := translate(words, 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲンヽ',
            'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ');
    END IF;
    IF words COLLATE "C" ~ '[\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef'
        '\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819]' THEN
        words := translate(words, digits, repeat('0123456789', 18));
    END IF;
    RETURN words;
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION roster.search_letters(text) IS 'Replaces small letters that are written in two ways, and digits.';

UPDATE roster.users SET display_name = display_name
    WHERE octet_length(display_name) > char_length(display_name) AND search <> roster.search_text(username, email, display_name);
