using System.Net;
using IncidentActors.Core.Messages;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>Markdown that anybody may have written, as HTML in which nothing can run and nothing is loaded.</summary>
public static class SafeMarkdown
{
    /// <summary>UTF-16 units that are rendered; the rest of a longer text is left out and said to be.</summary>
    public const int Longest = 100_000;

    /// <summary>Headings of a text stand below those of the page that shows it, whose parts have the level 2.</summary>
    private const int First = 3;
    private const int Deepest = 6;

    private static readonly Lazy<MarkdownPipeline> Pipeline = new(() =>
        new MarkdownPipelineBuilder()
            .DisableHtml()
            .UsePipeTables()
            .UseTaskLists()
            .UseEmphasisExtras()
            .UseAutoLinks()
            .UseSoftlineBreakAsHardlineBreak()
            .Build());

    public static string ToHtml(string text)
    {
        var shown = Shortened.To(text, Longest);
        try
        {
            var document = Markdig.Markdown.Parse(shown, Pipeline.Value);
            Demote(document.Descendants<HeadingBlock>());
            foreach (var link in document.Descendants<LinkInline>()) Defuse(link);
            foreach (var link in document.Descendants<AutolinkInline>())
            {
                if (!link.IsEmail && !IsHarmless(link.Url)) link.Url = "#";
            }

            return document.ToHtml(Pipeline.Value);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the library goes: shown as it was written.
            return $"<pre>{WebUtility.HtmlEncode(shown)}</pre>";
        }
    }

    /// <summary>Gives headings the levels of their nesting: none is left out, whatever the text says.</summary>
    private static void Demote(IEnumerable<HeadingBlock> headings)
    {
        var open = new Stack<int>();
        foreach (var heading in headings)
        {
            while (open.TryPeek(out var above) && above >= heading.Level) open.Pop();
            open.Push(heading.Level);
            heading.Level = Math.Min(Deepest, First + open.Count - 1);
        }
    }

    private static void Defuse(LinkInline link)
    {
        link.IsImage = false;
        var url = link.GetDynamicUrl?.Invoke() ?? link.Url;
        link.GetDynamicUrl = null;
        link.Url = IsHarmless(url) ? url : "#";
    }

    /// <summary>An anchor or a path of this server, or an absolute web or mail address.</summary>
    private static bool IsHarmless(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Any(char.IsControl)) return false;
        if (url[0] == '#' || (url[0] == '/' && (url.Length == 1 || url[1] is not ('/' or '\\')))) return true;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto";
    }
}
