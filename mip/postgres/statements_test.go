package postgres

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// statements returns the texts in the package's source, with the constants in
// them, by their place; what is only known when it runs is left out.
func statements(t *testing.T) map[string]string {
	t.Helper()
	fset := token.NewFileSet()
	all, err := os.ReadDir(".")
	require.NoError(t, err)
	constants := map[string]ast.Expr{}
	var files []*ast.File
	for _, entry := range all {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") || entry.Name() == "schema.go" {
			continue
		}
		f, err := parser.ParseFile(fset, entry.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i := range v.Values {
					constants[v.Names[i].Name] = v.Values[i]
				}
			}
			return true
		})
	}
	var text func(e ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.ParenExpr:
			return text(e.X)
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return s
		case *ast.Ident:
			if c := constants[e.Name]; c != nil {
				return text(c)
			}
		}
		return ""
	}
	out := map[string]string{}
	for _, f := range files {
		grown := map[ast.Node]bool{} // parts of a text that grows by calls of add
		added := map[string]string{} // to the texts of a variable, by its name
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				clear(added)
				whole := ""
				ast.Inspect(n, func(n ast.Node) bool {
					if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 0 {
						if s, ok := c.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "add" {
							whole += text(c.Args[0])
							grown[c.Args[0]] = true
						}
					}
					if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ADD_ASSIGN {
						added[name(a.Lhs[0])] += text(a.Rhs[0])
					}
					return true
				})
				out[fset.Position(n.Pos()).String()] = whole
			case *ast.AssignStmt:
				if more := added[name(n.Lhs[0])]; more != "" && n.Tok != token.ADD_ASSIGN {
					out[fset.Position(n.Pos()).String()] = text(n.Rhs[0]) + more
					return false
				}
			case *ast.BinaryExpr:
				if grown[n] {
					return false
				}
				out[fset.Position(n.Pos()).String()] = text(n)
				return false
			case *ast.BasicLit:
				if n.Kind == token.STRING && !grown[n] {
					out[fset.Position(n.Pos()).String()] = text(n)
				}
			}
			return true
		})
	}
	return out
}

func name(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// A statement names the account, or what comes after a table names the row of
// an order that was found with it.
var (
	tenants = regexp.MustCompile(`\$\.(orders|history|effects|cursors|reservations|duties|budgets|inbox)\b`)
	account = regexp.MustCompile(`\baccount = (@account|\$1)`)
	keyed   = regexp.MustCompile(`\(account, |order_key = |WHERE key = (\$1|\?)|SELECT key, (\$3|\?)[^)]* FROM o\b`)
)

func TestEveryStatementNamesItsAccount(t *testing.T) {
	seen := map[string]int{}
	for at, text := range statements(t) {
		places := append(tenants.FindAllStringSubmatchIndex(text, -1), []int{len(text)})
		for i, p := range places[:len(places)-1] {
			seen[text[p[2]:p[3]]]++
			if !account.MatchString(text) {
				assert.Regexp(t, keyed, text[p[0]:places[i+1][0]], "%s: whose rows?", at)
			}
		}
	}
	assert.Len(t, seen, 8, "%v", seen)
}
