// Package rows holds what several stores share of the tables: the columns and
// rows of users, organizations and plans, their conversion to domain values, and
// the filter of users.
package rows
