using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentActors.Core.Knowledge;

/// <summary>Entries as the files that seed 002 §9 shows: read leniently (a missing front matter leaves its defaults), written in one form.</summary>
public static class KnowledgeFile
{
    private const string Fence = "---";

    /// <summary>Reads an entry; what its front matter does not say is taken from <paramref name="otherwise"/>.</summary>
    /// <exception cref="FormatException">The front matter is no YAML map, is not closed,
    /// or holds a date or number that is none; says what would be right.</exception>
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
            Id = Text(front.Id) ?? otherwise.Id,
            Title = Text(front.Title) ?? otherwise.Title,
            Category = Text(front.Category) ?? otherwise.Category,
            Priority = Text(front.Priority) ?? otherwise.Priority,
            Sprint = Text(front.Sprint) ?? otherwise.Sprint,
            Date = Date(front.Date) ?? otherwise.Date,
            Tags = front.Tags is { } tags
                ? [.. tags.Select(tag => Clean(tag).Trim().ToLowerInvariant()).Where(tag => tag.Length > 0).Distinct()]
                : otherwise.Tags,
            RelatedFiles = front.RelatedFiles is null ? otherwise.RelatedFiles : [.. front.RelatedFiles.Select(Clean)],
            Attempts = front.Attempts ?? otherwise.Attempts,
            TimeSaved = Text(front.TimeSaved) ?? otherwise.TimeSaved,
            IncidentId = Text(front.IncidentId) ?? otherwise.IncidentId,
            Duration = Text(front.Duration) ?? otherwise.Duration,
            Impact = Text(front.Impact) ?? otherwise.Impact,
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

    private static FrontMatter Read(string yaml)
    {
        var reader = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .IgnoreUnmatchedProperties()
            .Build();
        try
        {
            return reader.Deserialize<FrontMatter>(yaml) ?? new FrontMatter();
        }
        catch (YamlException error)
        {
            throw new FormatException($"Line {error.Start.Line + 1} of the front matter: {error.InnerException?.Message ?? error.Message}", error);
        }
    }

    private static DateOnly? Date(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new FormatException($"date is written YYYY-MM-DD, not '{text}'.");

    /// <summary>Without what not every store's search can read: NUL and halves of surrogate pairs.</summary>
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    /// <summary>What YAML reads can hold again what the text did not: <c>"\0"</c>.</summary>
    private static string? Text(string? value) => value is null ? null : Clean(value);

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null) text.Append(key).Append(": ").Append(value).Append('\n');
    }

    private static string List(IEnumerable<string> items) =>
        "[" + string.Join(", ", items.Select(item => item.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? item : Quoted(item))) + "]";

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ") + "\"";

    private sealed class FrontMatter
    {
        public string? Id { get; set; }
        public string? Title { get; set; }
        public string? Category { get; set; }
        public string? Priority { get; set; }
        public string? Sprint { get; set; }
        public string? Date { get; set; }
        public List<string>? Tags { get; set; }
        public List<string>? RelatedFiles { get; set; }
        public int? Attempts { get; set; }
        public string? TimeSaved { get; set; }
        public string? IncidentId { get; set; }
        public string? Duration { get; set; }
        public string? Impact { get; set; }
    }
}
