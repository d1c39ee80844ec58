using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Decisions of a flow that asks for a fresh sign-in (step-up).</summary>
[Slow]
public sealed partial class FreshSignInTests : IAsyncLifetime
{
    private IssuedServer issued = null!;

    public async Task InitializeAsync() => issued = await IssuedServer.StartAsync();

    public async Task DisposeAsync() => await issued.DisposeAsync();

    [Fact]
    public async Task A_job_shows_a_JWT_with_a_fresh_auth_time()
    {
        var (asked, _) = await issued.AskAsync();
        await RefusedAsync();
        issued.Provider.SignedInAt = DateTimeOffset.UtcNow.AddMinutes(-6);
        await RefusedAsync();
        issued.Provider.SignedInAt = DateTimeOffset.UtcNow;
        var decided = (await DecideAsync()).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("approved", "@ci", 300), (decided.Text("status"), decided.Text("decidedBy"), decided.GetProperty("signedInWithinSeconds").GetInt32()));

        async Task RefusedAsync() => Assert.Equal("approval.sign-in", (await DecideAsync()).Is(HttpStatusCode.Forbidden).Json.Text("rule"));

        async Task<Reply> DecideAsync() =>
            await issued.SendAsync($"/api/approvals/{asked}/decision", await issued.Provider.TokenAsync(), new { decision = "approve" });
    }

    [Fact]
    public async Task A_person_signs_in_again_and_decides()
    {
        var (asked, _) = await issued.AskAsync();
        var page = $"/approvals/{asked}";
        issued.Provider.Claims.Clear();
        issued.Provider.Claims.AddRange([("sub", "u-17"), ("preferred_username", "Alice"), ("groups", "release")]);
        var hourAgo = DateTimeOffset.UtcNow.AddHours(-1);
        issued.Provider.SignedInAt = hourAgo;
        using var browser = new PersonAtABrowser(issued.Server.Address);
        var (first, _) = await browser.SignInAsync("/signin/account?return=%2F");
        Assert.DoesNotContain("max_age", first.Query, StringComparison.Ordinal);

        var (status, refused) = await DecideAsync();
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("approval.sign-in", refused, StringComparison.Ordinal);
        Assert.Contains(hourAgo.ToString("u", CultureInfo.InvariantCulture), refused, StringComparison.Ordinal);
        var again = WebUtility.HtmlDecode(SignInAgain().Match(refused).Groups[1].Value);
        Assert.Equal($"/signin?return={Uri.EscapeDataString(page)}", again);

        var account = WebUtility.HtmlDecode(Account().Match(await browser.TextAsync(again)).Groups[1].Value);
        var (second, back) = await browser.SignInAsync(account);
        Assert.Contains("max_age=0", second.Query, StringComparison.Ordinal);
        Assert.True(issued.Provider.SignedInAt > hourAgo, "the provider asked for the credentials");
        Assert.Equal(page, back);

        Assert.Equal(HttpStatusCode.SeeOther, (await DecideAsync()).Status);
        var decided = (await issued.GetAsync($"/api/approvals/{asked}", IssuedServer.Root)).IsOk().Json;
        Assert.Equal(("approved", "@alice"), (decided.Text("status"), decided.Text("decidedBy")));

        async Task<(HttpStatusCode Status, string Body)> DecideAsync() => await browser.PostAsync(
            page, ("_form", $"decide-{asked}"), ("_token", FormToken().Match(await browser.TextAsync(page)).Groups[1].Value), ("_tool", "approval_decide"),
            ("approvalId", asked), ("decision", "approve"));
    }

    [Fact]
    public async Task A_provider_that_signs_in_without_asking_for_the_credentials_is_not_enough()
    {
        var (asked, _) = await issued.AskAsync();
        issued.Provider.Claims.Clear();
        issued.Provider.Claims.AddRange([("sub", "u-17"), ("preferred_username", "Alice"), ("groups", "release")]);
        using var browser = new PersonAtABrowser(issued.Server.Address);
        await browser.SignInAsync("/signin/account");
        await browser.SignInAsync("/signin/account");
        var page = await browser.TextAsync($"/approvals/{asked}");
        var (status, refused) = await browser.PostAsync(
            $"/approvals/{asked}", ("_token", FormToken().Match(page).Groups[1].Value), ("_tool", "approval_decide"),
            ("approvalId", asked), ("decision", "approve"));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("approval.sign-in", refused, StringComparison.Ordinal);
    }

    [GeneratedRegex("<a href=\"([^\"]+)\">Sign in again</a>")]
    private static partial Regex SignInAgain();

    [GeneratedRegex("href=\"(/signin/account[^\"]*)\"")]
    private static partial Regex Account();

    [GeneratedRegex("name=\"_token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormToken();
}
