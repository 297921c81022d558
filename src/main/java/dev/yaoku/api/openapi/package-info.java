/** The description of the API that the server gives of itself. */
@NullMarked
package dev.yaoku.api.openapi;

import org.jspecify.annotations.NullMarked;
