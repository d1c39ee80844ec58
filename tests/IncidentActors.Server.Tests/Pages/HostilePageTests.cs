using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>Whatever stands in a field that comes from outside, it is shown as text.</summary>
public sealed partial class HostilePageTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "script", "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)> javascript:alert(1)" },
        { "bidi", "safe \u202E\u2066\u202A drowssap \u200F end" },
        { "long", new string('w', 100_000) },
        { "emoji", "Fix " + string.Concat(Enumerable.Repeat("\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F3FF\u0301", 400)) },
        {
            "markdown",
            "[x](javascript:alert(1)) ![](//evil.example/x) <a href='javascript:1'>z</a> \n\n| a | b \n|--\n```\n"
            + "***__~~[[[((( \n# # #\n> > > > >\n<!-- <style>*{display:none}</style>"
        },
        { "markup", "</textarea></title></style></svg></main><form action=//evil.example><input name=_token>&lt;b&gt; ${7*7} {{7*7}} @(7*7)" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task Hostile_text_is_harmless_on_every_page(string kind, string text)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var played = await PlayedEmergency.PlayAsync(server, text);
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        string[] paths =
        [
            "/flows", "/flows/postmortem", "/flows/emergency", "/figures", "/knowledge", "/knowledge?q=" + Uri.EscapeDataString(PlayedEmergency.Cut(text, 300)),
            $"/knowledge/{PlayedEmergency.Knowledge}", $"/incidents/{played.Incident}/postmortem",
            .. Enumerable.Range(1, 12).Select(step => $"/incidents/{played.Incident}/replay?at={step}"),
        ];
        foreach (var path in paths) Harmless(kind, path, await visitor.GetAsync(path));
        await visitor.SendAsync($"/incidents/{played.Incident}/postmortem", "postmortem", ("section-root-cause", text), ("section-action-items", $"- {text}"));
        Harmless(kind, "the saved postmortem", await visitor.GetAsync($"/incidents/{played.Incident}/postmortem"));
    }

    private static void Harmless(string kind, string path, string page)
    {
        Assert.Single(Script().Matches(page));
        Assert.DoesNotMatch(Handler(), page);
        Assert.DoesNotMatch(Address(), Tags(page));
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<form action=//", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, page.Split("</main>").Length - 1);
        Assert.True(page.Length < 4_000_000, $"{path} with {kind} has {page.Length} characters");
        foreach (Match mark in Bidi().Matches(page))
        {
            var before = page[..mark.Index];
            var isolated = before.LastIndexOf("<bdi", StringComparison.Ordinal) > before.LastIndexOf("</bdi>", StringComparison.Ordinal)
                || before.LastIndexOf("<textarea", StringComparison.Ordinal) > before.LastIndexOf("</textarea>", StringComparison.Ordinal)
                || before.LastIndexOf("class=\"md\"", StringComparison.Ordinal)
                    > Math.Max(
                        before.LastIndexOf("</article>", StringComparison.Ordinal),
                        before.LastIndexOf("</section>", StringComparison.Ordinal))
                || before.LastIndexOf('<') > before.LastIndexOf('>');
            Assert.True(isolated, $"{path}: a direction mark is not isolated in …{before[^Math.Min(120, before.Length)..]}");
        }
    }

    private static string Tags(string page) => string.Concat(Tag().Matches(page).Select(match => match.Value));

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    /// <summary>An attribute that runs, or an inline style, inside a tag.</summary>
    [GeneratedRegex("<[a-z][^<>\"]*(\"[^\"]*\"[^<>\"]*)*\\s(on[a-z]+|style)\\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Handler();

    [GeneratedRegex("\\s(href|src|action)=\"\\s*(javascript|data|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex("<[a-z/][^<>\"]*(\"[^\"]*\"[^<>\"]*)*>", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    [GeneratedRegex("[\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Bidi();
}
