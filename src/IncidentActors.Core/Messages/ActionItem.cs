using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentActors.Core.Messages;

/// <summary>One line of a postmortem's action items: of a list, of check boxes, or of a table.</summary>
/// <param name="Owner">The first handle that it names, normalised; null: none.</param>
/// <param name="Due">The first date, <c>2026-12-01</c>; null: none.</param>
/// <param name="Done">Its box is ticked, or its status says so.</param>
public sealed partial record ActionItem(string Text, string? Owner, DateOnly? Due, bool Done)
{
    private const string Heading = "action items";

    /// <summary>
    /// The items under the heading "Action items" and its sub-headings, in order, without placeholders. Indented lines belong to the item above them;
    /// an item that ends with a colon only heads those below it. Where there is no list and no table, each paragraph is an item.
    /// </summary>
    public static ImmutableArray<ActionItem> In(string markdown)
    {
        var items = ImmutableArray.CreateBuilder<ActionItem>();
        ImmutableArray<string> columns = [];
        var (indent, listed) = (int.MaxValue, false);
        foreach (var raw in Markdown.LinesUnder(markdown, Heading))
        {
            var line = raw.Trim();
            listed |= line.StartsWith('|');
            if (line.StartsWith('|'))
            {
                var cells = Cells(line);
                if (columns.IsEmpty) columns = [.. cells.Select(Markdown.Normalize)];
                else if (!cells.All(cell => cell.All(c => c is '-' or ':' or ' ')) && OfTable(columns, cells) is { } row) items.Add(row);
                continue;
            }

            columns = [];
            if (line.Length == 0) continue;
            var deep = raw.Length - raw.TrimStart().Length;
            var item = Markdown.ItemOf(line);
            listed |= item is not null;
            if (deep > indent && items.Count > 0)
            {
                items[^1] = Of($"{items[^1].Text}\n{line}", items[^1].Done);
                continue;
            }

            if (item is null) continue;
            var heads = item.EndsWith(':');
            indent = heads ? int.MaxValue : Math.Min(indent, deep);
            if (!heads && FilledText.Says(item)) items.Add(Of(item, Ticked().IsMatch(line)));
        }

        return listed ? items.ToImmutable() : Paragraphs(markdown);
    }

    private static ImmutableArray<ActionItem> Paragraphs(string markdown) =>
    [
        .. string.Join('\n', Markdown.LinesUnder(markdown, Heading).Select(line => line.Trim())).Split("\n\n")
            .Select(text => text.Trim()).Where(text => !text.StartsWith('|') && FilledText.IsFilled(text)).Select(text => Of(text, done: false)),
    ];

    private static ActionItem Of(string text, bool done) => new(text, OwnerIn(text), DueIn(text), done);

    private static ActionItem? OfTable(ImmutableArray<string> columns, ImmutableArray<string> cells)
    {
        string? Cell(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                var index = columns.IndexOf(name);
                if (index >= 0 && index < cells.Length && FilledText.Says(cells[index])) return cells[index];
            }

            return null;
        }

        if ((Cell("action", "action item", "item", "task") ?? (cells.Length > 0 && FilledText.Says(cells[0]) ? cells[0] : null)) is not { } text) return null;
        var done = Cell("status", "state") is { } status && status.Trim().ToLowerInvariant() is "done" or "closed" or "complete" or "completed" or "resolved";
        return new ActionItem(text, OwnerIn(Cell("owner", "who") ?? text), DueIn(Cell("due date", "due", "when") ?? text), done);
    }

    private static ImmutableArray<string> Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    private static string? OwnerIn(string text) => Mention().Match(text) is { Success: true } found ? Agents.Handle.Normalize(found.Value) : null;

    private static DateOnly? DueIn(string text) =>
        Date().Match(text) is { Success: true } found
        && DateOnly.TryParseExact(found.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    [GeneratedRegex(@"@[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")]
    private static partial Regex Date();

    [GeneratedRegex(@"^(?:[-*+•–—]|[0-9]+[.)])\s*\[[xX]\]")]
    private static partial Regex Ticked();
}
