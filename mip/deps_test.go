package mip_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/openmip/openmip"

// pkg is one package of this module as "go list" sees it, tests left out.
type pkg struct {
	ImportPath, Dir, Name string
	GoFiles               []string
	Imports, Deps         []string
}

// at is the package's path inside the module: "mip/rules".
func (p pkg) at() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// suite: fakes and conformance suites, whose names end in "test", and the
// reader of PayPal's OpenAPI files.
func (p pkg) suite() bool { return forTests(p.at()) }

func forTests(at string) bool {
	return strings.HasSuffix(path.Base(at), "test") || at == "paypal/internal/contract"
}

func (p pkg) example() bool { return under(p.at(), "examples") }

func (p pkg) adapter() bool {
	return !p.suite() && (under(p.at(), "bigbuy") || under(p.at(), "wallet") || under(p.at(), "paypal") ||
		under(p.at(), "channels") && p.at() != "channels")
}

func under(at string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return at == f || strings.HasPrefix(at, f+"/") })
}

// packages lists the module's packages. A package that does not compile is
// listed all the same.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Name,GoFiles,Imports,Deps", module+"/...")
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	require.NoError(t, err)
	var out []pkg
	for d := json.NewDecoder(strings.NewReader(string(raw))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			require.NoError(t, err)
		}
		if len(p.GoFiles) > 0 { // else it holds tests only
			out = append(out, p)
		}
	}
	known := make([]string, len(out))
	for i, p := range out {
		known[i] = p.at()
	}
	for _, must := range []string{module, "mip/rules", "mip/engine", "wallet", "paypal"} {
		require.Contains(t, known, strings.Replace(must, module, "mip", 1), "the list of packages is not the repository's")
	}
	return out
}

// files calls f with every non-test source file of a package.
func files(t *testing.T, p pkg, f func(name string, fset *token.FileSet, file *ast.File)) {
	t.Helper()
	for _, name := range p.GoFiles {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		f(p.at()+"/"+name, fset, file)
	}
}

func TestImportArrows(t *testing.T) {
	all := packages(t)
	pure := []string{"cmp", "context", "crypto/sha256", "encoding/base32", "encoding/hex", "encoding/json", "errors", "fmt",
		"hash/fnv", "iter", "log/slog", "maps", "math/bits", "regexp", "slices", "strconv", "strings", "time", "unicode",
		"unicode/utf16", "unicode/utf8", "github.com/shopspring/decimal"}
	heavy := []string{"modernc.org/", "github.com/jackc/", "github.com/riverqueue/", "golang.org/x/text/message",
		"github.com/chromedp/", "github.com/getkin/", "go.opentelemetry.io/", "github.com/stretchr/testify", "pgregory.net/rapid", "go.uber.org/goleak"}

	t.Run("mip imports the standard library without I/O, and decimal", func(t *testing.T) {
		for _, p := range all {
			switch p.at() {
			case "mip":
				assert.Subset(t, pure, p.Imports)
			case "mip/rules":
				assert.Subset(t, append(pure, "reflect", module+"/mip", "github.com/go-playground/validator/v10"), p.Imports)
			}
		}
	})
	t.Run("adapters import neither each other nor the engine", func(t *testing.T) {
		adapters := 0
		for _, p := range all {
			if !p.adapter() {
				continue
			}
			adapters++
			for _, i := range p.Imports {
				if at, ours := strings.CutPrefix(i, module+"/"); ours {
					own := under(at, p.at()) || under(p.at(), at) // a channel may use what all channels share
					assert.True(t, at == "mip" || at == "mip/rest" || own, "%s imports %s", p.at(), at)
				}
			}
		}
		assert.GreaterOrEqual(t, adapters, 2)
	})
	t.Run("what most programs link is light", func(t *testing.T) {
		for _, p := range all {
			if !p.adapter() && !slices.Contains([]string{"mip", "mip/rules", "mip/rest", "mip/engine", "mip/memstore", "channels"}, p.at()) {
				continue
			}
			for _, d := range p.Deps {
				at, ours := strings.CutPrefix(d, module+"/")
				assert.False(t, ours && forTests(at), "%s links %s", p.at(), d)
				assert.False(t, slices.ContainsFunc(heavy, func(h string) bool { return strings.HasPrefix(d, h) }), "%s links %s", p.at(), d)
			}
		}
	})
	t.Run("only mip/postgres and examples link PostgreSQL and River", func(t *testing.T) {
		linked := false
		for _, p := range all {
			cluster := slices.ContainsFunc(p.Deps, func(d string) bool {
				return strings.HasPrefix(d, "github.com/jackc/") || strings.HasPrefix(d, "github.com/riverqueue/")
			})
			linked = linked || cluster
			assert.False(t, cluster && !under(p.at(), "mip/postgres", "examples"), "%s links them", p.at())
		}
		assert.True(t, linked)
	})
	t.Run("telemetry and user interfaces of others are for examples", func(t *testing.T) {
		for _, p := range all {
			for _, d := range p.Deps {
				foreign := slices.ContainsFunc([]string{"go.opentelemetry.io/", "github.com/prometheus/", "riverqueue.com/"},
					func(h string) bool { return strings.HasPrefix(d, h) })
				assert.False(t, foreign && !p.example(), "%s links %s", p.at(), d)
			}
		}
	})
	t.Run("test packages and test libraries are for tests, suites and examples", func(t *testing.T) {
		for _, p := range all {
			if p.suite() || p.example() {
				continue
			}
			for _, d := range p.Deps {
				at, ours := strings.CutPrefix(d, module+"/")
				wrong := d == "testing" || ours && forTests(at) || strings.HasPrefix(d, "github.com/stretchr/testify")
				assert.False(t, wrong, "%s links %s", p.at(), d)
			}
		}
	})
}

func TestPurity(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep"}
	looked := 0
	for _, p := range packages(t) {
		if p.at() != "mip" && p.at() != "mip/rules" {
			continue
		}
		files(t, p, func(name string, fset *token.FileSet, file *ast.File) {
			looked++
			ast.Inspect(file, func(n ast.Node) bool {
				wrong := ""
				switch n := n.(type) {
				case *ast.GoStmt:
					wrong = "a goroutine"
				case *ast.ChanType, *ast.SendStmt, *ast.SelectStmt:
					wrong = "a channel"
				case *ast.UnaryExpr:
					if n.Op == token.ARROW {
						wrong = "a channel"
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						wrong = "the clock"
					}
				case *ast.ImportSpec:
					if i, _ := strconv.Unquote(n.Path.Value); strings.Contains(i, "rand") || i == "sync" || i == "os" {
						wrong = i
					}
				}
				if wrong != "" {
					assert.Fail(t, "pure code uses neither clock nor chance nor goroutines", "%s: %s", fset.Position(n.Pos()), wrong)
				}
				return true
			})
		})
	}
	assert.Greater(t, looked, 10)
}

// floats are the files that may use binary floating point, with the reason.
// None of them holds an amount.
var floats = map[string]string{
	"mip/rest/limits.go": "seconds of a rate limit",
}

func TestNoFloats(t *testing.T) {
	for _, p := range packages(t) {
		if p.suite() || p.example() {
			continue
		}
		files(t, p, func(name string, fset *token.FileSet, file *ast.File) {
			ast.Inspect(file, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				binary := ok && slices.Contains([]string{"float32", "float64", "complex128", "Float64", "InexactFloat64",
					"ParseFloat", "NewFromFloat", "NewFromFloat32", "NewFromFloatWithExponent"}, id.Name)
				if binary && floats[name] == "" {
					assert.Fail(t, "amounts are decimal; a float needs a reason in the list above", "%s: %s", fset.Position(id.Pos()), id.Name)
				}
				return true
			})
		})
	}
}

func TestEverythingExportedIsDocumented(t *testing.T) {
	for _, p := range packages(t) {
		about := false
		files(t, p, func(_ string, fset *token.FileSet, file *ast.File) {
			about = about || file.Doc != nil
			for _, name := range undocumented(file) {
				assert.Fail(t, "no doc comment", "%s: %s", fset.Position(name.Pos()), name.Name)
			}
		})
		assert.True(t, about, "%s has no package comment", p.at())
	}
}

// undocumented returns the exported top-level names of a file without a
// comment of their own, of their line or of their group. A value with a named
// type, one of several, may leave it to the type.
func undocumented(file *ast.File) []*ast.Ident {
	var out []*ast.Ident
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && file.Name.Name != "main" {
				out = append(out, d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						out = append(out, s.Name)
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						if name.IsExported() && s.Type == nil && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							out = append(out, name)
						}
					}
				}
			}
		}
	}
	return out
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	var receiver *ast.Ident
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && receiver == nil {
			receiver = id // the first; what follows are type parameters
		}
		return receiver == nil
	})
	return receiver != nil && receiver.IsExported()
}
