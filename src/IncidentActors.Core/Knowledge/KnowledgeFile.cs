using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using IncidentActors.Core.Yaml;
using YamlDotNet.Core;

namespace IncidentActors.Core.Knowledge;

/// <summary>Entries as the files that seed 002 §9 shows: read leniently (a missing front matter leaves its defaults), written in one form.</summary>
public static class KnowledgeFile
{
    private const string Fence = "---";
    private const int MaxText = 2000;
    private const int MaxItems = 500;

    /// <summary>Reads an entry; what its front matter does not say is taken from <paramref name="otherwise"/>.</summary>
    /// <exception cref="FormatException">The front matter is not YAML map, is not closed,
    /// or holds an invalid date or number; the message says what is valid.</exception>
    public static KnowledgeEntry Parse(string text, KnowledgeEntry otherwise)
    {
        text = Clean(text).ReplaceLineEndings("\n").Trim('\n', ' ', '\uFEFF');
        otherwise = otherwise with { Title = Clean(otherwise.Title) };
        if (!text.StartsWith(Fence + "\n", StringComparison.Ordinal)) return otherwise with { Body = text.Trim() };
        var end = text.IndexOf("\n" + Fence, Fence.Length, StringComparison.Ordinal);
        if (end < 0) throw new FormatException("The front matter begins with '---' and is not closed by a second '---'.");
        var front = Read(text[(Fence.Length + 1)..Math.Max(end, Fence.Length + 1)]);
        return otherwise with
        {
            Id = front.Text("id") ?? otherwise.Id,
            Title = front.Text("title") ?? otherwise.Title,
            Category = front.Text("category") ?? otherwise.Category,
            Priority = front.Text("priority") ?? otherwise.Priority,
            Sprint = front.Text("sprint") ?? otherwise.Sprint,
            Date = Date(front.Text("date")) ?? otherwise.Date,
            Tags = front.List("tags") is { } tags
                ? [.. tags.Select(tag => tag.Trim().ToLowerInvariant()).Where(tag => tag.Length > 0).Distinct()]
                : otherwise.Tags,
            RelatedFiles = front.List("related_files") ?? otherwise.RelatedFiles,
            Attempts = front.Number("attempts") ?? otherwise.Attempts,
            TimeSaved = front.Text("time_saved") ?? otherwise.TimeSaved,
            IncidentId = front.Text("incident_id") ?? otherwise.IncidentId,
            Duration = front.Text("duration") ?? otherwise.Duration,
            Impact = front.Text("impact") ?? otherwise.Impact,
            Body = text[(end + 1 + Fence.Length)..].TrimStart('-').Trim(),
        };
    }

    /// <summary>The file: every key of the seed in its order, then the body; ends with a line feed.</summary>
    public static string Format(KnowledgeEntry entry)
    {
        var text = new StringBuilder(Fence).Append('\n');
        Line(text, "id", entry.Id);
        Line(text, "title", Quoted(entry.Title));
        Line(text, "category", entry.Category);
        Line(text, "priority", entry.Priority);
        Line(text, "sprint", entry.Sprint is null ? null : Quoted(entry.Sprint));
        Line(text, "date", entry.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Line(text, "tags", List(entry.Tags));
        Line(text, "related_files", List(entry.RelatedFiles));
        Line(text, "attempts", entry.Attempts.ToString(CultureInfo.InvariantCulture));
        Line(text, "time_saved", entry.TimeSaved is null ? null : Quoted(entry.TimeSaved));
        Line(text, "incident_id", entry.IncidentId);
        Line(text, "duration", entry.Duration is null ? null : Quoted(entry.Duration));
        Line(text, "impact", entry.Impact is null ? null : Quoted(entry.Impact));
        return text.Append(Fence).Append("\n\n").Append(entry.Body.Trim()).Append('\n').ToString();
    }

    /// <summary>Keys that an entry does not have are tolerated; anchors and aliases are not, and what is read is bounded.</summary>
    private static FrontMatter Read(string yaml)
    {
        if (string.IsNullOrWhiteSpace(yaml)) return new FrontMatter([]);
        try
        {
            if (YamlTree.Read(yaml) is not YamlMap map) throw new FormatException("Line 2 of the front matter: it must be a map such as 'title: …'.");
            return new FrontMatter(map.Entries.ToDictionary(entry => Bounded(entry.Key), entry => entry.Value));
        }
        catch (YamlException error)
        {
            throw new FormatException($"Line {error.Start.Line + 1} of the front matter: {error.InnerException?.Message ?? error.Message}", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException("The front matter has a key twice; keep one of the two.", error);
        }
    }

    private static string Bounded(YamlText text) => text.Value.Length <= MaxText ? text.Value : throw Wrong(text, $"a text has at most {MaxText} characters");

    private static FormatException Wrong(YamlPart at, string what) => new($"Line {at.At.Line + 1} of the front matter: {what}.");

    private static DateOnly? Date(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new FormatException($"'date' must have the form YYYY-MM-DD, not '{text}'.");

    /// <summary>Without what not every store's search can read: NUL and halves of surrogate pairs.</summary>
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null) text.Append(key).Append(": ").Append(value).Append('\n');
    }

    private static string List(IEnumerable<string> items) =>
        "[" + string.Join(", ", items.Select(item => item.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? item : Quoted(item))) + "]";

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ") + "\"";

    private sealed class FrontMatter(Dictionary<string, YamlPart> values)
    {
        public string? Text(string key) => values.GetValueOrDefault(key) switch
        {
            null => null,
            YamlText text => IsNull(text) ? null : Clean(Bounded(text)),
            var other => throw Wrong(other, $"'{key}' is a text"),
        };

        public int? Number(string key) => Text(key) is not { } text ? null
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : throw Wrong(values[key], $"'{key}' must be a whole number");

        public ImmutableArray<string>? List(string key) => values.GetValueOrDefault(key) switch
        {
            null => null,
            YamlText text => IsNull(text) ? null : throw Wrong(text, $"'{key}' must be a list: [one, two]"),
            YamlList { Items.Length: <= MaxItems } list =>
                [.. list.Items.Select(item => item is YamlText text ? Clean(Bounded(text)) : throw Wrong(item, $"an item of '{key}' is a text"))],
            var other => throw Wrong(other, $"'{key}' must be a list of at most {MaxItems} texts"),
        };

        private static bool IsNull(YamlText text) => !text.Quoted && text.Value is "" or "null" or "~";
    }
}
