// Command bundle makes the files of the page at /admin from its sources:
//
//	bundle SOURCES MODULES ASSETS
//
// It bundles admin.tsx and admin.css with the packages in the folder MODULES, copies
// page.html and icon.svg, adds the licences of the packages, and writes the files to the folder ASSETS, compressed. A file
// whose content is right stays as it is, so that another compressor changes nothing. With
// -check it writes nothing, and fails where a file is not that of the sources. With -tests
// it bundles the tests of the sources for Node.js instead, into the folder ASSETS.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// maxSize is the most bytes of all files, compressed.
const maxSize = 80 << 10

func main() {
	check := flag.Bool("check", false, "write nothing, and fail where a file is not that of the sources")
	tests := flag.Bool("tests", false, "bundle the tests of the sources for Node.js")
	flag.Parse()
	if err := run(*check, *tests, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(check, tests bool, args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("got %d arguments: pass the folders of sources, of packages and of assets", len(args))
	}
	sources, modules, assets := args[0], args[1], args[2]
	options, err := common(modules)
	if err != nil {
		return err
	}
	if tests {
		return bundleTests(options, sources, assets)
	}
	files, err := bundle(options, sources)
	if err != nil {
		return err
	}
	for _, name := range []string{"page.html", "icon.svg"} {
		if files[name], err = os.ReadFile(filepath.Join(sources, name)); err != nil {
			return err
		}
	}
	if files["licences.txt"], err = licences(modules); err != nil {
		return err
	}
	return keep(files, assets, check)
}

// licences returns the licences of the packages in the bundle.
func licences(modules string) ([]byte, error) {
	var all bytes.Buffer
	for _, name := range []string{"openapi-fetch", "preact", "uplot"} {
		text, err := os.ReadFile(filepath.Join(modules, name, "LICENSE"))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&all, "%s\n\n%s\n", name, bytes.TrimSpace(text))
	}
	return all.Bytes(), nil
}

// common are the options of all bundles.
func common(modules string) (api.BuildOptions, error) {
	packages, err := filepath.Abs(modules)
	return api.BuildOptions{
		NodePaths: []string{packages},
		Bundle:    true, Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8,
		JSX: api.JSXAutomatic, JSXImportSource: "preact",
		LogLevel: api.LogLevelWarning,
	}, err
}

// bundleTests writes a file NAME.test.js for each test/NAME.test.ts.
func bundleTests(options api.BuildOptions, sources, folder string) error {
	tests, err := filepath.Glob(filepath.Join(sources, "test", "*.test.ts"))
	if err != nil || len(tests) == 0 {
		return fmt.Errorf("no tests in %s: %w", sources, err)
	}
	options.EntryPoints, options.Outdir, options.Platform, options.Write = tests, folder, api.PlatformNode, true
	if result := api.Build(options); len(result.Errors) > 0 {
		return errors.New("the tests can't be bundled")
	}
	return nil
}

// bundle returns admin.js and admin.css.
func bundle(options api.BuildOptions, sources string) (map[string][]byte, error) {
	options.EntryPoints = []string{filepath.Join(sources, "admin.tsx"), filepath.Join(sources, "admin.css")}
	options.Outdir, options.LegalComments = "/", api.LegalCommentsInline
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return nil, errors.New("the sources can't be bundled")
	}
	files := map[string][]byte{}
	for _, file := range result.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return files, nil
}

// keep writes the files, or checks them, and compares their size with the limit.
func keep(files map[string][]byte, assets string, check bool) error {
	size := 0
	for name, content := range files {
		path := filepath.Join(assets, name+".gz")
		kept, err := os.ReadFile(path)
		switch {
		case err == nil && bytes.Equal(unzip(kept), content):
		case check:
			return fmt.Errorf("%s is not what the sources make; run: make page", path)
		default:
			if kept, err = zip(content); err != nil {
				return err
			}
			if err := os.WriteFile(path, kept, 0o644); err != nil {
				return err
			}
		}
		size += len(kept)
	}
	entries, err := os.ReadDir(assets)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if _, made := files[strings.TrimSuffix(entry.Name(), ".gz")]; !made {
			return fmt.Errorf("%s has %s, which no source makes; remove it", assets, entry.Name())
		}
	}
	if size > maxSize {
		return fmt.Errorf("the page has %d bytes compressed; %d is the most", size, maxSize)
	}
	fmt.Printf("The page has %d bytes compressed.\n", size)
	return nil
}

func zip(content []byte) ([]byte, error) {
	var zipped bytes.Buffer
	writer, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = writer.Write(content)
	err = errors.Join(err, writer.Close())
	return zipped.Bytes(), err
}

// unzip returns nil where the file is none of ours.
func unzip(zipped []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil
	}
	content, err := io.ReadAll(reader)
	if err != nil {
		return nil
	}
	return content
}
