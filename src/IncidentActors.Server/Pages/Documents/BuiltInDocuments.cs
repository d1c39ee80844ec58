using System.Reflection;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace IncidentActors.Server.Pages.Documents;

/// <summary>The documents that were in the repository when this server was built. The project wrote them: no text in them comes from outside.</summary>
internal static partial class BuiltInDocuments
{
    /// <summary>The document that the others are reached from.</summary>
    public const string First = "README.md";

    /// <summary>Before a file's path in the names of the assembly's resources.</summary>
    private const string Prefix = "document:";

    private static readonly Assembly Own = typeof(BuiltInDocuments).Assembly;

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    /// <summary>Paths in the repository, with slashes: documents and the pictures that they show.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Own.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..].Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static bool IsDocument(string file) => file.EndsWith(".md", StringComparison.Ordinal);

    /// <exception cref="InvalidOperationException">No file of this path was built in.</exception>
    public static byte[] Read(string file)
    {
        using var stream = Own.GetManifestResourceStream(Prefix + file) ?? throw new InvalidOperationException($"no document {file}");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A document's HTML and its title, which is its first heading. What it links to and was not built in is shown as text.</summary>
    /// <param name="address">Of a file that was built in, as a link in this document.</param>
    public static (string Title, string Html) Render(string file, Func<string, string> address)
    {
        var document = Markdown.Parse(System.Text.Encoding.UTF8.GetString(Read(file)), Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList()) Follow(link, file, address);

        // A wide table scrolls, which must be possible by keys.
        foreach (var table in document.Descendants<Table>()) table.GetAttributes().AddProperty("tabindex", "0");
        var title = document.Descendants<HeadingBlock>().FirstOrDefault()?.Inline?.Descendants<LiteralInline>().Select(text => text.ToString());
        return (title is null ? file : string.Concat(title), document.ToHtml(Pipeline));
    }

    private static void Follow(LinkInline link, string file, Func<string, string> address)
    {
        var url = link.Url ?? "";
        if (url.StartsWith('#') || Absolute().IsMatch(url)) return;
        var target = new Uri(new Uri("file:///" + file), url);
        var path = target.AbsolutePath[1..];
        if (Files.Contains(path))
        {
            link.Url = address(path) + target.Fragment;
            return;
        }

        while (link.FirstChild is { } text)
        {
            text.Remove();
            link.InsertBefore(text);
        }

        link.Remove();
    }

    [GeneratedRegex("^[a-z]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();
}
