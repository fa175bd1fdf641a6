/**
 * Pages worth sending around: {@link dev.pinion.page.Page} makes one file of a title, text, data and scripts, with uPlot (MIT, its licence
 * beside it and in each page) for the plots. It refers to nothing outside itself and forbids the browser to fetch anything. It knows no
 * other room; what a page shows belongs to the room that writes it.
 */
package dev.pinion.page;
