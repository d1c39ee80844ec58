using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Turns;

/// <summary>Invariant 3: the same key gives the same answer, once.</summary>
public sealed class KeyTests : IAsyncDisposable
{
    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task A_repeated_key_gives_the_first_answer_and_another_request_is_refused()
    {
        await OkAsync(Atp.DoAsync(Create, By("@pm", "k1")));
        var first = await OkAsync(Atp.DoAsync(Say("hello"), By("@pm", "k2")));
        await OkAsync(Atp.DoAsync(Say("more"), By("@pm", "k3")));
        var again = await OkAsync(Atp.DoAsync(Say("hello"), By("@pm", "k2")));
        Assert.Equal((true, first.Answer.ToString()), (again.Replayed, again.Answer.ToString()));
        Assert.Equal(2, (await engine.Journal.InboxAsync("@dev", 10, CancellationToken.None)).Count);
        await RefusedAsync(Atp.DoAsync(Say("else"), By("@pm", "k2")), Rules.KeyReused);
        Assert.False((await OkAsync(Atp.DoAsync(Say("hello"), By("@qa", "k2")))).Replayed);
    }

    [Fact]
    public async Task Commands_that_leave_out_a_list_may_have_a_key()
    {
        await OkAsync(Atp.DoAsync(new SetAtp(Notes: "work"), By("@pm", "k1")));
        var settle = Atp.DoAsync(new SettleApproval("APR-0", new DecideApproval(true)), By("@pm", "k2"));
        await RefusedAsync(settle, Rules.ApprovalUnknown);
        await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident("down", Severity.Sev3),
            By("@pm", "k3")));
    }

    [Fact]
    public async Task What_closed_it_may_be_repeated_although_the_turn_has_ended()
    {
        await OkAsync(Atp.DoAsync(Create, By("@pm")));
        foreach (var status in new[] { "InProgress", "Complete" }) await OkAsync(Atp.DoAsync(new ChangeStatus(status), By("@dev")));
        await OkAsync(Atp.DoAsync(new CloseAtp(null), By("@pm", "k")));
        await RefusedAsync(Atp.DoAsync(Say("x"), By("@pm", "k2")), Rules.TurnEnded);
        Assert.True((await OkAsync(Atp.DoAsync(new CloseAtp(null), By("@pm", "k")))).Replayed);
    }

    private IAtp Atp => engine.Atp("AT-1");
    private static CreateAtp Create => new("work", null, "standard", null, null, null, null, "@dev");
    private static SendMessage Say(string text) => new("@dev", MessageType.Directive, null, text, text, null);
}
