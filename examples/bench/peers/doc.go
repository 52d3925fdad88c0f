// Package peers compares OpenMIP with libraries that do a part of its work. It
// is a module of its own, so that they are in nobody's build.
package peers
