package rules_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

var codeForm = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

var update = flag.Bool("update", false, "rewrite RULES.md")

const head = `# Finding codes

Generated from package mip/rules; ` + "`go test ./mip/rules -update`" + ` rewrites it.

Every code that can make an order wait, or that people should know of. Codes
are public: one may retire, its meaning never changes. Blocking findings go
away with their cause; a person may let an overridable one pass; a notice
holds nothing up.

`

func TestTableIsUpToDate(t *testing.T) {
	want := head + rules.Table()
	if *update {
		require.NoError(t, os.WriteFile("RULES.md", []byte(want), 0o644))
	}
	got, err := os.ReadFile("RULES.md")
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
}

func TestCodes(t *testing.T) {
	t.Run("each is listed once, completely", func(t *testing.T) {
		codes, docs := map[string]bool{}, map[string]string{}
		for _, i := range rules.All() {
			assert.Regexp(t, codeForm, i.Code)
			assert.False(t, codes[i.Code], "%s has two meanings", i.Code)
			assert.Empty(t, docs[i.Doc], "%s means the same as %s", i.Code, docs[i.Doc])
			assert.NotEmpty(t, i.Doc, i.Code)
			assert.NotEmpty(t, i.Fix, i.Code)
			assert.NotEmpty(t, i.By, i.Code)
			assert.Contains(t, []mip.Severity{mip.Blocking, mip.Overridable, mip.Notice}, i.Severity, i.Code)
			codes[i.Code], docs[i.Doc] = true, i.Code
		}
	})
	t.Run("the list is the caller's own", func(t *testing.T) {
		all := rules.All()
		for i := range all {
			all[i].Code = "gone"
			for j := range all[i].Params {
				all[i].Params[j] = "gone"
			}
		}
		i, ok := rules.Lookup(rules.CodeAddressTooLong)
		require.True(t, ok)
		assert.Equal(t, []string{"limit", "length"}, i.Params)
		assert.NotEqual(t, "gone", rules.All()[0].Code)
	})
	t.Run("suppliers' refusals are listed", func(t *testing.T) {
		for _, code := range []string{
			"address.too_long", "field.too_long", "wallet.insufficient_funds", "stock.out_of_stock", "product.inactive",
			"product.error", "product.not_found", "product.variation_required", "address.postcode_format",
			"contact.phone_missing", "price.below_wholesale", "order.below_minimum", "order.already_exists",
			"supplier.temporary_error", "shipping.no_carrier", "payment.method_invalid", "payment.bankwire_minimum",
			"export.not_allowed", "export.invoice_required", "account.pack_insufficient", "shipping.multi_warehouse",
			"customer.unknown", "data.invalid", "supplier.unavailable",
		} {
			_, ok := rules.Lookup(code)
			assert.True(t, ok, code)
		}
	})
	t.Run("no package uses one that is not listed", func(t *testing.T) {
		for code, where := range codesInSource(t, filepath.Join("..", "..")) {
			_, ok := rules.Lookup(code)
			assert.True(t, ok, "%s: %s", where, code)
		}
	})
}

// codesInSource returns the string values of all constants named Code… and of
// all "Code:" fields of mip.Finding literals in the module's own files.
func codesInSource(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	add := func(e ast.Expr, where string) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if code, err := strconv.Unquote(lit.Value); err == nil && codeForm.MatchString(code) {
				out[code] = where
			}
		}
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "examples" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if strings.HasPrefix(name.Name, "Code") && i < len(n.Values) {
						add(n.Values[i], path)
					}
				}
			case *ast.CompositeLit:
				if isFinding(n.Type) {
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Code" {
								add(kv.Value, path)
							}
						}
					}
				}
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	require.Contains(t, out, mip.CodeGaveUp, "the search finds nothing")
	return out
}

func isFinding(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "Finding"
	case *ast.Ident:
		return e.Name == "Finding"
	}
	return false
}
