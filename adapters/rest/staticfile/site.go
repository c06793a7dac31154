package staticfile

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

const (
	// folderName is the folder of a site's files.
	folderName = "assets"
	// pageName is the file of the page itself, which is no asset.
	pageName = "page.html"
)

// Site is a page and its assets: the files that it asks for. Once all assets are added,
// it never changes and is safe for concurrent use.
type Site struct {
	page   *File
	assets map[string]*File
}

// LoadSite makes a site of the files of the folder assets, and gives the page a
// Content-Security-Policy. The name is for errors, which occur only if the program was
// built with other files.
func LoadSite(name string, from fs.ReadDirFS, policy string) (*Site, error) {
	files, err := load(from, folderName)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	page := files[pageName]
	if page == nil {
		return nil, fmt.Errorf("%s lacks %s", name, pageName)
	}
	delete(files, pageName)
	return &Site{page: page.withPolicy(policy), assets: files}, nil
}

// Add adds an asset. It is for sites that are not served yet.
func (s *Site) Add(name string, asset *File) { s.assets[name] = asset }

// Page is the page.
func (s *Site) Page() *File { return s.page }

// Asset returns an asset by its name; false where there is none.
func (s *Site) Asset(name string) (*File, bool) {
	file, ok := s.assets[name]
	return file, ok
}

// mediaTypeOf is the media type of a file by its extension; empty for a file that is not
// served, such as a licence.
func mediaTypeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

// load makes files of those of a folder that are served, by name. The names of
// compressed ones end with .gz in the folder only.
func load(folder fs.ReadDirFS, name string) (map[string]*File, error) {
	entries, err := folder.ReadDir(name)
	if err != nil {
		return nil, fmt.Errorf("the files of %s: %w", name, err)
	}
	files := map[string]*File{}
	for _, entry := range entries {
		served, zipped := strings.CutSuffix(entry.Name(), ".gz")
		mediaType := mediaTypeOf(served)
		if mediaType == "" {
			continue
		}
		content, err := fs.ReadFile(folder, path.Join(name, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("the files of %s: %w", name, err)
		}
		files[served] = New(mediaType, content, zipped)
	}
	return files, nil
}
