// Package di is named by tests of what is built here, and by nothing else.
package di
