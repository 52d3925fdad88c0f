package prestatest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// call is one request being answered, under the server's lock.
type call struct {
	*Server
	*answer
	r     *http.Request
	body  []byte
	query url.Values
	path  string // "/orders/7"
	json  bool
	shops []int // the call is about
	id    int   // 0 = the list
}

func (c *call) serve() {
	path, ok := strings.CutPrefix(c.r.URL.Path, strings.TrimSuffix(base(c.cfg.URL), "/")+"/api")
	if !ok {
		c.plain(http.StatusNotFound, "<!DOCTYPE html><html><body><h1>404</h1></body></html>")
		return
	}
	c.path = path
	format := or(c.query.Get("output_format"), or(c.r.Header.Get("Output-Format"), c.r.Header.Get("Io-Format")))
	c.json = strings.EqualFold(format, "JSON")
	key := c.authenticate()
	if key == nil || !c.chooseShops(key) {
		return
	}
	resource, rest, _ := strings.Cut(strings.Trim(path, "/"), "/")
	t := c.tables[resource]
	if t == nil {
		c.refuse(http.StatusBadRequest, 27, "Resource of type \""+resource+"\" does not exists")
		return
	}
	if !c.allowed(key, resource) {
		return
	}
	if rest != "" {
		if c.id, _ = strconv.Atoi(rest); c.id <= 0 {
			c.id = -1
		}
	}
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		c.get(t)
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		c.save(t)
	default:
		t.remove(c.id)
		c.reply(http.StatusOK, nil)
	}
}

func base(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// authenticate takes the key as the user's name or from the address. Nobody is
// told so in HTML, a wrong key in XML.
func (c *call) authenticate() *Key {
	given, password, basic := c.r.BasicAuth()
	if q := c.query.Get("ws_key"); q != "" {
		given, password, basic = q, "", true
	}
	switch i := slices.IndexFunc(c.cfg.Keys, func(k Key) bool { return k.Key == given }); {
	case !basic:
		c.plain(http.StatusUnauthorized, "401 Unauthorized")
		c.header.Set("WWW-Authenticate", `Basic realm="Welcome to PrestaShop Webservice"`)
	case c.cfg.Disabled:
		c.refuse(http.StatusServiceUnavailable, 22, "The PrestaShop webservice is disabled.")
	case len(given) != 32:
		c.refuse(http.StatusUnauthorized, 18, "Invalid authentication key format")
	case i < 0:
		c.refuse(http.StatusUnauthorized, 20, "Authentification key is not active")
	case password != "":
		c.refuse(http.StatusUnauthorized, 21, "No permission for this authentication key")
	default:
		return &c.cfg.Keys[i]
	}
	return nil
}

// chooseShops says which shops of a multistore a call is about.
func (c *call) chooseShops(key *Key) bool {
	group := or(c.query.Get("id_shop_group"), c.query.Get("id_group_shop"))
	switch shop := c.query.Get("id_shop"); {
	case group != "":
		for id, g := range c.cfg.Groups {
			if strconv.Itoa(g) == group {
				c.shops = append(c.shops, id)
			}
		}
		if len(c.shops) == 0 {
			c.refuse(http.StatusInternalServerError, 999, "This shop group doesn't have shops")
			return false
		}
	case shop == "all":
		for id := range c.cfg.Groups {
			c.shops = append(c.shops, id)
		}
	case shop != "":
		id, err := strconv.Atoi(shop)
		if err != nil {
			c.refuse(http.StatusNotFound, 999, "This shop id does not exist")
			return false
		}
		c.shops = []int{id}
	default:
		c.shops = []int{1}
	}
	known := func(id int) bool {
		return c.cfg.Groups[id] != 0 && (key.Shops == nil || slices.Contains(key.Shops, id))
	}
	if !slices.ContainsFunc(c.shops, known) {
		c.refuse(http.StatusForbidden, 132, "No permission for this key on this shop")
		return false
	}
	return true
}

func (c *call) allowed(key *Key, resource string) bool {
	methods, granted := key.Allow[resource]
	switch {
	case key.Allow != nil && !granted:
		c.refuse(http.StatusUnauthorized, 26, "Resource of type \""+resource+"\" is not allowed with this authentication key")
	case c.r.Method == http.MethodPatch && !c.cfg.modern():
		c.refuse(http.StatusMethodNotAllowed, 23, "Method PATCH is not valid")
	case key.Allow != nil && !slices.Contains(strings.Fields(methods), c.r.Method):
		c.refuse(http.StatusMethodNotAllowed, 25, "Method "+c.r.Method+" is not allowed for the resource "+resource+" with this authentication key")
	default:
		return true
	}
	return false
}
