using System.Buffers;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IncidentActors.Core.Messages;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.Extensions.Caching.Memory;

namespace IncidentActors.Server.Pages.Parts;

/// <summary>Markdown that anybody may have written, as HTML in which nothing can run and nothing is loaded.</summary>
public static class SafeMarkdown
{
    /// <summary>UTF-16 units that are shown; the rest of a longer text is left out and said to be.</summary>
    public const int MaxLength = 100_000;

    /// <summary>Marks in one block up to which it is rendered. The library's time grows with their square; 500 of the worst take a few milliseconds.</summary>
    private const int MaxMarks = 500;

    /// <summary>Marks and lines in a whole text up to which it is rendered.</summary>
    private const int MaxMarksInAll = 5000;

    /// <summary>Quotes and list items that begin on one line: each is a level of nesting.</summary>
    private const int MaxNesting = 16;

    private static readonly SearchValues<char> Marks = SearchValues.Create("[]()*_~`<!|:\\");
    private static readonly SearchValues<char> Nesting = SearchValues.Create(">-+*");
    private static readonly MemoryCache Rendered = new(new MemoryCacheOptions { SizeLimit = 8 * 1024 * 1024 });

    /// <summary>Headings of a text start below those of the page, which has parts of level 2.</summary>
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

    /// <summary>The text's HTML. A text that would take long to parse is shown as plain text.</summary>
    public static string ToHtml(string text)
    {
        var shown = Shortened.To(text, MaxLength);
        if (!IsCheap(shown)) return Plain(shown);
        var key = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(shown.AsSpan())));
        return Rendered.GetOrCreate(key, entry =>
        {
            var html = Render(shown);
            entry.Size = html.Length;
            return html;
        })!;
    }

    /// <summary>The text's links to web pages with their texts, in its order; none of a text that would take long to parse.</summary>
    public static IEnumerable<(string Text, string Url)> Links(string text)
    {
        var shown = Shortened.To(text, MaxLength);
        if (!IsCheap(shown)) return [];
        return Markdig.Markdown.Parse(shown, Pipeline.Value).Descendants<LinkInline>()
            .Where(link => link.GetDynamicUrl is null && IsWeb(link.Url))
            .Select(link => (string.Concat(link.Descendants<LiteralInline>().Select(part => part.Content.ToString())), link.Url!));
    }

    /// <summary>An absolute address of the web.</summary>
    public static bool IsWeb(string? url) =>
        url is not null && !url.Any(char.IsControl) && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static bool IsCheap(ReadOnlySpan<char> text)
    {
        var (inBlock, inAll) = (0, 0);
        foreach (var line in text.EnumerateLines())
        {
            if (line.IsWhiteSpace())
            {
                inBlock = 0;
                continue;
            }

            var (marks, nesting) = (0, 0);
            foreach (var c in line)
            {
                if (Marks.Contains(c)) marks++;
            }

            foreach (var c in line)
            {
                if (Nesting.Contains(c)) nesting++;
                else if (!char.IsWhiteSpace(c)) break;
            }

            inAll += marks + 1;
            if ((inBlock += marks) > MaxMarks || inAll > MaxMarksInAll || nesting > MaxNesting && !IsRule(line)) return false;
        }

        return true;
    }

    /// <summary>A line of nothing but dashes or stars separates parts.</summary>
    private static bool IsRule(ReadOnlySpan<char> line) => line.Trim() is var rule && rule.IndexOfAnyExcept(rule[0]) < 0;

    private static string Plain(string text) => $"<pre>{WebUtility.HtmlEncode(text)}</pre>";

    private static string Render(string shown)
    {
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
            return Plain(shown);
        }
    }

    /// <summary>Gives headings the levels of their nesting, without gaps.</summary>
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
