package sample

import "strings"

// culture is where a person's name comes from. Each name is written in its own
// script and, after a slash where that differs, in ASCII for usernames.
type culture struct {
	given, family string
	// familyFirst puts the family name first; joined writes no space between.
	familyFirst, joined bool
	locale              string
}

// cultures are lists of common names; no person is meant.
func cultures() []culture {
	return []culture{
		{locale: "en", given: "Ada/ada Grace/grace Alan/alan Mary-Jane/mary-jane Will/will May/may Joy/joy Mark/mark Rose/rose Dorothy/dorothy Frank/frank Hope/hope Edgar/edgar Clara/clara Otis/otis Ruth/ruth", family: "O'Neil/oneil Smith/smith McDonald/mcdonald Taylor-Jones/taylor-jones Wright/wright Hughes/hughes Fitzgerald/fitzgerald Young/young Hill/hill Brown/brown Clarke/clarke D'Arcy/darcy Walker/walker Bennett/bennett Lovelace/lovelace Thornton/thornton"},
		{locale: "fr", given: "Zoë/zoe Noël/noel Chloé/chloe Jean-Luc/jean-luc François/francois Hélène/helene Benoît/benoit Anaïs/anais Étienne/etienne Océane/oceane Rémi/remi Maëlle/maelle", family: "Lefèvre/lefevre Dubois/dubois Côté/cote Béranger/beranger L'Hôpital/lhopital Saint-Exupéry/saint-exupery Garçon/garcon Moreau/moreau Œuvrard/oeuvrard Châtelet/chatelet Desprès/despres Guérin/guerin"},
		{locale: "es", given: "José/jose María/maria Íñigo/inigo Begoña/begona Ramón/ramon Lucía/lucia Andrés/andres Inés/ines Joaquín/joaquin Sofía/sofia Nuño/nuno Concepción/concepcion", family: "García/garcia Muñoz/munoz Ibáñez/ibanez Núñez/nunez Peña/pena Gutiérrez/gutierrez Zúñiga/zuniga Álvarez/alvarez Yáñez/yanez Martínez/martinez Ordóñez/ordonez Güell/guell"},
		{locale: "de", given: "Jürgen/juergen Käthe/kaethe Götz/goetz Björn/bjoern Änne/aenne Sören/soeren Heike/heike Rüdiger/ruediger Annegret/annegret Uwe/uwe Brünhild/bruenhild Malte/malte", family: "Müller/mueller Weiß/weiss Schröder/schroeder Groß/gross Köhler/koehler Jäger/jaeger Strauß/strauss Bäcker/baecker Krüger/krueger vonBülow/vonbuelow Schäfer/schaefer Lindemann/lindemann"},
		{locale: "pl", given: "Łukasz/lukasz Małgorzata/malgorzata Świętosława/swietoslawa Paweł/pawel Żaneta/zaneta Michał/michal Jagoda/jagoda Stanisław/stanislaw Bożena/bozena Grażyna/grazyna", family: "Wójcik/wojcik Kowalczyk/kowalczyk Dąbrowski/dabrowski Łaszkiewicz/laszkiewicz Źródlak/zrodlak Śliwińska/sliwinska Brzęczyszczykiewicz/brzeczyszczykiewicz Gęsicki/gesicki Żuraw/zuraw Nowak/nowak"},
		{locale: "tr", given: "Çağla/cagla İbrahim/ibrahim Şebnem/sebnem Ömer/omer Işıl/isil Gülşen/gulsen Doğan/dogan Ümit/umit Ayşe/ayse Yiğit/yigit", family: "Yıldız/yildiz Öztürk/ozturk Güneş/gunes Çelik/celik Şahin/sahin Aydın/aydin Koç/koc Erdoğmuş/erdogmus Kılıç/kilic Ünal/unal"},
		{locale: "vi", given: "Anh/anh Đức/duc Hương/huong Quỳnh/quynh Tuấn/tuan Phượng/phuong Thảo/thao Khánh/khanh Ngọc/ngoc Dũng/dung", family: "Nguyễn/nguyen Trần/tran Phạm/pham Huỳnh/huynh Võ/vo Đặng/dang Bùi/bui Lý/ly Đỗ/do Hoàng/hoang", familyFirst: true},
		{locale: "ru", given: "Анна/anna Дмитрий/dmitry Ольга/olga Алёна/alyona Юрий/yuri Екатерина/ekaterina Сергей/sergey Наталья/natalya Фёдор/fyodor Людмила/lyudmila", family: "Иванченко/ivanchenko Щербаков/shcherbakov Кузнецов/kuznetsov Соловьёв/solovyov Журавлёв/zhuravlyov Чайковская/chaikovskaya Лебедев/lebedev Морозов/morozov Цветаев/tsvetaev Ефимов/efimov"},
		{locale: "uk", given: "Ївга/yivha Олексій/oleksii Мар'яна/mariana Богдан/bohdan Соломія/solomiia Тарас/taras Оксана/oksana Євген/yevhen", family: "Шевченко/shevchenko Ґалаґан/galagan Коваленко/kovalenko Їжакевич/yizhakevych Бондаренко/bondarenko Мельник/melnyk Ткачук/tkachuk Лисенко/lysenko"},
		{locale: "el", given: "Ελένη/eleni Γιώργος/giorgos Αθηνά/athina Δημήτρης/dimitris Χρυσούλα/chrysoula Νίκος/nikos Σταύρος/stavros Ιωάννα/ioanna", family: "Παπαδόπουλος/papadopoulos Οικονόμου/oikonomou Γεωργίου/georgiou Καραγιάννης/karagiannis Βασιλείου/vasileiou Αλεξάνδρου/alexandrou Νικολάου/nikolaou Μακρής/makris"},
		{locale: "ar", given: "فاطمة/fatima أحمد/ahmad نور/nour خالد/khalid زينب/zaynab يوسف/yusuf مريم/maryam عمر/umar", family: "الحسيني/alhusseini النجار/alnajjar حداد/haddad العلي/alali منصور/mansour الخطيب/alkhatib سليمان/suleiman بركات/barakat"},
		{locale: "fa", given: "پریسا/parisa کیان/kian ژاله/zhaleh گلناز/golnaz بهرام/bahram شیرین/shirin", family: "هاشمی/hashemi رضایی/rezaei کریمی/karimi فرهادی/farhadi یزدانی/yazdani چمران/chamran"},
		{locale: "he", given: "נועה/noa דוד/david שירה/shira יעל/yael אבי/avi תמר/tamar איתן/eitan מיכל/michal", family: "כהן/cohen לוי/levi מזרחי/mizrahi פרץ/peretz ביטון/biton אברהם/avraham פרידמן/friedman שפירא/shapira"},
		{locale: "hi", given: "आरती/aarti राहुल/rahul प्रिया/priya विक्रम/vikram अनन्या/ananya संजय/sanjay दीपिका/deepika अर्जुन/arjun", family: "शर्मा/sharma वर्मा/verma गुप्ता/gupta मिश्रा/mishra चौधरी/chaudhary त्रिपाठी/tripathi अय्यर/iyer पटेल/patel"},
		{locale: "zh", given: "小龍/xiaolong 偉/wei 芳/fang 秀英/xiuying 敏/min 靜/jing 浩然/haoran 雨桐/yutong 子軒/zixuan 梓涵/zihan", family: "李/li 王/wang 張/zhang 劉/liu 陳/chen 楊/yang 趙/zhao 黃/huang 周/zhou 歐陽/ouyang", familyFirst: true, joined: true},
		{locale: "ja", given: "さくら/sakura 健太/kenta 美咲/misaki 翔/sho ひなた/hinata 大輔/daisuke ユイ/yui 蓮/ren", family: "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 渡辺/watanabe 伊藤/ito 山本/yamamoto 小林/kobayashi", familyFirst: true},
		{locale: "ko", given: "민준/minjun 서연/seoyeon 지훈/jihun 하은/haeun 도윤/doyun 수아/sua 예준/yejun 지우/jiwoo", family: "김/kim 이/lee 박/park 최/choi 정/jung 강/kang 조/cho 윤/yoon", familyFirst: true, joined: true},
		{locale: "th", given: "สมชาย/somchai มาลี/malee ปรีชา/preecha กานดา/kanda", family: "ศรีสุข/srisuk วงศ์ไทย/wongthai ทองดี/thongdee จันทร์แก้ว/chankaew"},
		{locale: "ka", given: "ნინო/nino გიორგი/giorgi თამარ/tamari ლევან/levan", family: "ბერიძე/beridze კაპანაძე/kapanadze გელაშვილი/gelashvili მაისურაძე/maisuradze"},
		{locale: "is", given: "Guðrún/gudrun Þórður/thordur Ásdís/asdis Björk/bjork Ægir/aegir Sæunn/saeunn", family: "Jónsdóttir/jonsdottir Þorsteinsson/thorsteinsson Ólafsson/olafsson Helgadóttir/helgadottir Gíslason/gislason Eiríksdóttir/eiriksdottir"},
	}
}

// person is a name in its own script and in ASCII.
type person struct{ display, ascii, locale string }

// people makes every pair of a given and a family name, those of one culture
// together; ascii holds a "." between the two.
func people() []person {
	var all []person
	for _, c := range cultures() {
		for given := range strings.FieldsSeq(c.given) {
			for family := range strings.FieldsSeq(c.family) {
				all = append(all, c.person(given, family))
			}
		}
	}
	return all
}

func (c culture) person(given, family string) person {
	first, firstASCII, _ := strings.Cut(given, "/")
	last, lastASCII, _ := strings.Cut(family, "/")
	last = strings.Replace(last, "von", "von ", 1)
	space := " "
	if c.joined {
		space = ""
	}
	p := person{display: first + space + last, ascii: firstASCII + "." + lastASCII, locale: c.locale}
	if c.familyFirst {
		p.display = last + space + first
	}
	return p
}

// The words of organizations' names and what they do.
const (
	firstWords  = "Amber Blue Bright Cedar Copper Crimson Delta Ember Falcon Golden Granite Harbor Iron Juniper Lunar Maple Nordic Orchid Pioneer Quartz River Silver Summit Velvet"
	secondWords = "Analytics Aviation Bakery Biotech Cargo Ceramics Design Energy Farms Films Foods Games Health Insurance Journal Kitchen Logistics Media Motors Optics Press Robotics Software Textiles"
	legalForms  = "Labs Group Works Studio Partners Collective Institute Cooperative"
)

const departments = "engineering sales support finance people legal design research"
