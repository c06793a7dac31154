package embedded

import (
	"fmt"
	"path"
	"strings"
)

// release is a build that can be downloaded.
type release struct {
	version, platform string
	digest            string // the SHA-256 of its archive
}

// releases are the builds of a major version.
type releases struct {
	major   int
	version string
	digests map[string]string // by platform
}

// downloads are the builds that can be downloaded, the major version of new data
// first. The digests are part of Roster, so that an archive that was changed at its
// source is not used.
var downloads = []releases{
	{18, "18.3.0", map[string]string{
		"linux-amd64":        "1974c3a59c3ae010e9818e81637e425aad94eaac26e4ef533b42e081fe7ca345",
		"linux-amd64-alpine": "510fd314da39f1eeccef774a92428474168fedf55403342548e2adeaed66b483",
		"linux-arm64v8":      "1fb555a6602c13a113ab1f0cc9224d599948e85e51ac5f001393605505eaf78e",
		"darwin-amd64":       "cb68c57232945f5e74db946e6077d70cec56bfed35959b21acc750cc80ca0977",
		"darwin-arm64v8":     "a18ec9ec6a905e04f5a08a8f7870bddadd635feb54dee332a3daf80fada3cb1a",
	}},
	{17, "17.5.0", map[string]string{
		"linux-amd64":        "646f3269075d1a23904127374e3cdbcef96beb32979fedee25d835877400fcbe",
		"linux-amd64-alpine": "7122386c7f7a089568f05720ada63448093d4065abbc0a89e6dc660851a53e3c",
		"linux-arm64v8":      "e02f27ff50ff2d90b6541d54f3f108505aacd84ea53c2890e976a684bfea2752",
		"darwin-amd64":       "fb70f783928e77c3d6ef5ca8ed644f1ac502f740fcfc032a375c8347820f2bdd",
		"darwin-arm64v8":     "e9d3398e10c2ec926395498b03e75ad1a24eeaed82895e756a7e173b202cf6de",
	}},
	{16, "16.9.0", map[string]string{
		"linux-amd64":        "d983cee24678490199e1684d6a93f49f84673696cb6f0db64e880a4cf233017b",
		"linux-amd64-alpine": "2a82d0d9266d46976be463ecf76b89f72e614d867e26b7fe8cf038fe7e05f075",
		"linux-arm64v8":      "9d113402f70f4d134250916319ad83e87cba3796bd73a606c28dbabd326b4fa3",
		"darwin-amd64":       "0be7111599308e8a670ae72e9512a4b902dabe3e2e0cda0539a0447a5bdacb26",
		"darwin-arm64v8":     "53b2672c602e16e4c94fb56b9aa68cc26a0bbb0df851f256f41a2cdbeccc9cb6",
	}},
	{15, "15.13.0", map[string]string{
		"linux-amd64":        "cc0177d8a22b85ed266f6204c0642fd5c24ab583d1ef221d4b60bce29d4fa4ef",
		"linux-amd64-alpine": "73c825eba923c8faa8059a5f9af7d20c9800b7feba901110fdc3487400905a80",
		"darwin-amd64":       "1befcdf1f4ef59aaac5efbff997de798984f7a03ab1fb6b32771fbfb21178dc5",
	}},
}

// releaseFor returns the build for data of a major version, 0 for new data.
func releaseFor(all []releases, major int, platform string) (release, error) {
	for _, one := range all {
		if major != 0 && major != one.major {
			continue
		}
		digest := one.digests[platform]
		if digest == "" {
			return release{}, fmt.Errorf("%w: none is installed, and there is no build of PostgreSQL %d for %s to download: "+
				"install PostgreSQL %d, or set DATABASE_URL", ErrOtherVersion, one.major, platform, one.major)
		}
		return release{one.version, platform, digest}, nil
	}
	return release{}, fmt.Errorf("%w: no build of PostgreSQL %d, which made the data, is installed or can be downloaded",
		ErrOtherVersion, major)
}

// group is the group of the builds in a Maven repository.
const group = "io.zonky.test.postgres"

// artifact is the name of the build in a Maven repository.
func (r release) artifact() string { return "embedded-postgres-binaries-" + r.platform }

// folder is the build's folder in the cache. Its name has the digest, so that another
// archive of the same version never takes its place.
func (r release) folder() string {
	return fmt.Sprintf("postgresql-%s-%s", r.version, r.digest[:min(12, len(r.digest))])
}

// path is where a Maven repository has the archive.
func (r release) path() string {
	return path.Join(strings.ReplaceAll(group, ".", "/"), r.artifact(), r.version, r.artifact()+"-"+r.version+".jar")
}
