using Microsoft.Playwright;

namespace IncidentActors.Pages.Tests;

/// <summary>Whatever comes from outside is shown as text: nothing runs, nothing is loaded, nothing falls apart.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileTextTests(Browser browser)
{
    public static TheoryData<string> Texts => new()
    {
        "<script>window.hurt=1</script><img src=x onerror=\"window.hurt=1\"><svg onload='window.hurt=1'>\"'><iframe srcdoc='<script>parent.hurt=1</script>'>",
        "[a](javascript:window.hurt=1) [b](data:text/html,<script>1</script>) ![c](http://127.0.0.1:9/x.png) <javascript:window.hurt=1> "
        + "[d]: javascript:window.hurt=1\n\n[d][d] [e](//evil.example) [f](vbscript:1)",
        "\u202E\u2066 gnp.exe \u200F\u202D\u2067 \u05D0\u05D1\u05D2 abc \u0623\u0628 1234",
        "👩‍👩‍👧‍👦🏴‍☠️ Z̷̡͇͝a̴͉͠l̵͓̚g̶̱̈o̵͙͂ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \uFEFF\u00AD \u0001\u0007 end",
        new string('w', 100_000),
        "# Broken\n\n```\nnever closed\n\n| a | b\n|--\n**bold _and [link](http://[bad) ![]( <div> </p> &#0; &bogus; \n\n"
            + new string('>', 500)
            + " deep\n"
            + new string('*', 800)
            + "\n"
            + string.Concat(Enumerable.Repeat("- ", 200))
            + "x\n"
            + string.Concat(Enumerable.Repeat("[", 300)),
    };

    [ChromiumTheory]
    [MemberData(nameof(Texts))]
    public async Task Hostile_text_is_harmless_on_every_page(string text)
    {
        await using var room = await WarRoom.OpenAsync(browser);
        var pages = await PagesUnderTest.FillAsync(room, text);
        var page = await room.SitAsync("@operator", new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 } });
        var wrong = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(room.Address, StringComparison.Ordinal)) wrong.Add($"asked for {request.Url}");
        };
        page.PageError += (_, error) => wrong.Add($"script error: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) wrong.Add(message.Text);
        };
        foreach (var (name, path) in pages.All)
        {
            var answer = await page.GotoAsync(path);
            Assert.True(answer!.Status < 500, $"{name}: {answer.Status}");
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => one.open = true)");
            if (await page.EvaluateAsync<bool>("() => window.hurt !== undefined")) wrong.Add($"{name}: it ran");
            var unknown = await page.EvaluateAsync<string[]>(Foreign);
            if (unknown.Length > 0) wrong.Add($"{name}: {string.Join(", ", unknown)}");
            if (await page.EvaluateAsync<string>(Widest) is { Length: > 0 } wide) wrong.Add($"{name} is wider than the screen: {wide}");
            Assert.True(await page.Locator("footer.foot").IsVisibleAsync(), $"{name}: the page fell apart");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Distinct()));
    }

    /// <summary>What reaches beyond the screen, or nothing.</summary>
    internal const string Widest = """
        () => document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className + '#' + e.id).slice(0, 8).join(' ')
        """;

    /// <summary>Elements and links that no page of ours has.</summary>
    private const string Foreign = """
        () => [
          ...[...document.querySelectorAll('main :is(iframe, object, embed, script, style, img, base, meta, link)')].map(e => e.tagName),
          ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on/i.test(a.name)).map(a => a.name),
          ...[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href')).filter(h => !/^(https?:|mailto:|\/(?!\/)|#)/i.test(h)),
        ]
        """;
}
