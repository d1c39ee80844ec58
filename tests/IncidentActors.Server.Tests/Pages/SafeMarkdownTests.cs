using System.Diagnostics;
using IncidentActors.Server.Pages.Parts;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>No text makes a page slow: what would take long to understand is shown as it was written.</summary>
public sealed class SafeMarkdownTests
{
    [Theory]
    [InlineData("[a](b", 19_999)]
    [InlineData(">", 99_999)]
    [InlineData("*a_", 33_333)]
    [InlineData("[", 99_999)]
    [InlineData("![", 40_000)]
    [InlineData("<a ", 30_000)]
    [InlineData("`a", 50_000)]
    [InlineData("- ", 50_000)]
    [InlineData("> - ", 25_000)]
    [InlineData("a|", 50_000)]
    [InlineData("|-|\n", 20_000)]
    [InlineData("* a *b\n\n", 12_000)]
    [InlineData("[a]: b\n", 14_000)]
    [InlineData("http://a.b ", 9_000)]
    [InlineData("~~a", 30_000)]
    [InlineData("1. a\n", 20_000)]
    [InlineData("\\", 99_999)]
    [InlineData("&amp;", 20_000)]
    public void A_hostile_text_is_shown_at_once(string part, int times)
    {
        SafeMarkdown.ToHtml("warm *up* [a](https://b)");
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 100 && best > TimeSpan.FromMilliseconds(100); i++)
        {
            var text = $"{i} {string.Concat(Enumerable.Repeat(part, times))}";
            var since = Stopwatch.GetTimestamp();
            Assert.NotEmpty(SafeMarkdown.ToHtml(text));
            if (Stopwatch.GetElapsedTime(since) is var took && took < best) best = took;
        }

        Assert.InRange(best.TotalMilliseconds, 0, 100);
    }

    [Fact]
    public void An_ordinary_long_report_is_rendered()
    {
        var section = string.Concat(Enumerable.Range(0, 200).Select(
            i => $"## Step {i}\n\nWe looked at **pod-{i}** and `kubectl get pods`.\n\n- [x] done\n- see [it](https://e.org/{i})\n\n"));
        var html = SafeMarkdown.ToHtml(section);
        Assert.Contains("<strong>pod-199</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<pre>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_two_hundred_rows_is_rendered_or_shown_as_it_is()
    {
        var table = "| at | event |\n|---|---|\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"| 12:{i} | restarted |\n"));
        Assert.Contains("12:199", SafeMarkdown.ToHtml(table), StringComparison.Ordinal);
    }
}
