using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Ordinary work as real teams do it: details, ways through tests and review, handovers, the closing batch, inboxes that empty.</summary>
public class RealWorkTests
{
    private readonly Stage stage = new();

    public RealWorkTests() => stage.Create("8");

    [Fact]
    public void Details_are_kept_and_shown_and_names_that_are_not_known_are_warned_of()
    {
        var set = new SetAtp("in_progress") { Details = Details(("stage", "build"), ("colour", "red")), Unread = ["colour"] };
        Assert.Equal(["The argument 'colour' is not known; it is kept as a note."], stage.Do("8", set, "@dev").Warnings);
        Assert.Equal(("build", "red"), (stage.Atp("8").Details["stage"], stage.Atp("8").Details["colour"]));
        Assert.Equal("red", AtpView.Of(stage.Atp("8"), 1, null).Details["colour"]);
        stage.Do("8", set, "@dev");
        Assert.DoesNotContain(stage.Events, one => one.Event is AtpDetailed or AtpMoved);
    }

    [Fact]
    public void A_deadline_runs_a_clock_and_one_that_is_no_time_is_warned_of()
    {
        stage.Do("8", new SetAtp { Details = Details(("deadline", "2026-11-21T05:00:00Z")) }, "@pm");
        Assert.Equal(stage.Now.AddHours(2), stage.Atp("8").DueAt);
        stage.Pass(TimeSpan.FromHours(2));
        Assert.Contains(stage.Events, one => one.Event is AtpOverdue);
        Assert.Contains("names no time", Assert.Single(stage.Do("8", new SetAtp { Details = Details(("deadline", "soon")) }, "@pm").Warnings), Ordinal);
    }

    [Fact]
    public void Work_that_begins_before_what_it_depends_on_is_warned_of()
    {
        stage.Create("9");
        stage.Do("9", new SetAtp { Details = Details(("dependencies", "- 8\n- 77")) }, "@pm");
        Assert.Equal(["9 depends on 8, which is Queued.", "9 depends on 77, which does not exist."], stage.Do("9", new SetAtp("InProgress"), "@dev").Warnings);
    }

    [Fact]
    public void Unmet_criteria_need_a_reason_at_closing()
    {
        stage.Do("8", new SetAtp { Details = Details(("acceptanceCriteria", "- green")) }, "@pm");
        stage.Do("8", new SetAtp("Complete"), "@dev");
        stage.Refused(Rules.AtpCriteria, "8", new CloseAtp { Details = Details(("acceptanceCriteriaMet", "false")) }, "@pm");
        Assert.Contains("acceptance criteria", Assert.Single(stage.Decide(ActorId.Atp("8"), new CloseAtp(), "@pm").Warnings), Ordinal);
        Assert.Empty(stage.Do("8", new CloseAtp("not wanted") { Details = Details(("acceptanceCriteriaMet", "false")) }, "@pm").Warnings);
    }

    [Fact]
    public void What_blocks_the_work_is_forgotten_when_it_goes_on()
    {
        stage.Do("8", new SetAtp("Blocked") { Details = Details(("blockerType", "access"), ("risk", "none")) }, "@dev");
        stage.Do("8", new SetAtp("InProgress"), "@dev");
        Assert.Equal(["risk"], stage.Atp("8").Details.Keys);
    }

    [Theory]
    [InlineData("standard", "in_progress InProgress IN-REVIEW Complete In_Progress done Rejected InProgress Blocked InProgress Deferred Queued Closed")]
    [InlineData("documentation", "InProgress,In Review,Reviewed,Closed")]
    [InlineData("enhancement", "Deferred InProgress Complete Verified Closed")]
    [InlineData("bugfix", "InProgress Blocked InProgress InReview Rejected Closed")]
    public void The_ways_of_real_work_are_there(string flow, string states)
    {
        stage.Do("AT-1", new CreateAtp("Work", Flow: flow), "@pm");
        foreach (var state in states.Split(states.Contains(',', Ordinal) ? ',' : ' ')) stage.Do("AT-1", new ChangeStatus(state.Trim()), "@pm");
        Assert.True(stage.Atp("AT-1").Finished);
    }

    [Fact]
    public void The_same_status_again_changes_nothing_but_closing_twice_is_refused()
    {
        stage.Do("8", new ChangeStatus("InProgress"), "@dev");
        Assert.Empty(stage.Do("8", new ChangeStatus("In Progress"), "@dev").Changes);
        stage.Do("8", new ChangeStatus("Closed"), "@pm", "one");
        stage.Refused(Rules.AtpClosed, "8", new ChangeStatus("Closed"), "@pm", "two");
    }

    [Fact]
    public void A_directive_makes_its_recipient_the_owner_who_completes_and_hands_over_once()
    {
        stage.Do("8", new ChangeStatus("InProgress"), "@pm");
        stage.Do("8", Send("@dev", MessageType.Directive), "@pm");
        Assert.Equal("@dev", stage.Atp("8").Owner);
        stage.Do("8", new ChangeStatus("Complete"), "@dev");
        stage.Do("8", new HandOff("@qa", "done", "tests", "build passes"), "@dev");
        Assert.Equal(("Complete", "@qa"), (stage.Atp("8").Status, stage.Atp("8").Owner));
        stage.Refused(Rules.AtpTransitionUnknown, "8", new HandOff("@qa", "done", "tests", "build passes"), "@dev");
    }

    [Fact]
    public void Who_was_asked_for_tests_or_a_review_hands_the_work_on_once_without_owning_it()
    {
        stage.Do("8", Send("@dev", MessageType.Directive), "@pm");
        stage.Do("8", new ChangeStatus("Complete"), "@dev");
        stage.Do("8", Send("@qa", MessageType.QARequest), "@pm");
        stage.Do("8", new ChangeStatus("InProgress"), "@qa");
        stage.Do("8", new HandOff("@pm", "tested", "closing", "all green"), "@qa");
        Assert.Equal("@pm", stage.Atp("8").Owner);
        stage.Refused(Rules.AtpTransitionRole, "8", new HandOff("@pm", "tested", "closing", "all green"), "@qa");
    }

    [Fact]
    public void Whoever_completes_work_without_an_owner_hands_it_over()
    {
        stage.Do("8", new ChangeStatus("InProgress"), "@pm");
        stage.Do("8", new ChangeStatus("Complete"), "@dev");
        stage.Do("8", new HandOff("@qa", "done", "tests", "build passes"), "@dev");
        stage.Create("9");
        stage.Do("9", Send("@dev", MessageType.Directive), "@pm");
        stage.Do("9", new HandOff("@pm", "written", "review", "the page"), "@dev");
        Assert.Equal("Complete", stage.Atp("9").Status);
    }

    [Fact]
    public void HandoffTo_names_the_next_owner()
    {
        stage.Do("8", new ChangeStatus("Complete") { Details = Details(("handoffTo", "qa")) }, "@dev");
        Assert.Equal("@qa", stage.Atp("8").Owner);
        stage.Refused(Rules.AgentUnknown, "8", new ChangeStatus("InReview") { Details = Details(("handoffTo", "@nobody")) }, "@qa");
    }

    [Theory]
    [InlineData("report close notice")]
    [InlineData("close report notice")]
    [InlineData("close notice report")]
    [InlineData("notice close report")]
    [InlineData("report notice close")]
    [InlineData("notice report close")]
    public void Report_closing_and_notice_come_in_any_order_and_once(string order)
    {
        stage.Do("8", new ChangeStatus("Complete"), "@dev");
        var calls = new Dictionary<string, AtpCommand>
        {
            ["report"] = new CreateArtifact("PMVerificationReport", "report", "verified"),
            ["close"] = new ChangeStatus("Closed"),
            ["notice"] = Send("@operator", MessageType.HITLNotification),
        };
        foreach (var call in order.Split(' ')) stage.Do("8", calls[call], "@pm");

        Assert.Equal((true, 1), (stage.Atp("8").Finished, stage.Atp("8").Artifacts.Length));
        stage.Refused(Rules.TurnEnded, "8", calls["report"], "@pm");
        stage.Refused(Rules.TurnEnded, ActorId.Atp("AT-9"), new CreateAtp("Next"), "@pm");
        if (order.IndexOf("notice", Ordinal) > order.IndexOf("close", Ordinal)) stage.Refused(Rules.TurnEnded, "8", calls["notice"], "@pm");
        stage.Refused(Rules.AtpClosed, "8", calls["report"], "@dev");
        stage.Refused(Rules.AtpClosed, "8", calls["notice"], "@dev");
    }

    [Fact]
    public void Inboxes_empty_by_acting_by_answering_by_closing_and_with_time()
    {
        stage.Do("8", Send("@dev", MessageType.Directive), "@pm");
        stage.Do("8", Send("@operator", MessageType.HITLNotification), "@pm");
        stage.Do("8", new ChangeStatus("InProgress"), "@dev");
        Assert.Equal(["@operator"], stage.Atp("8").OpenMessages.Values.Select(open => open.To));
        stage.Do("8", Send("@pm", MessageType.Escalation), "@dev");
        stage.Do("8", Send("@dev", MessageType.Decision), "@pm");
        Assert.Equal(["@operator", "@dev"], stage.Atp("8").OpenMessages.Values.Select(open => open.To));
        stage.Do("8", new HandOff("@qa", "done", "tests", "build passes"), "@dev");
        stage.Pass(TimeSpan.FromMinutes(2));
        stage.Do("8", new ChangeStatus("Closed"), "@pm");
        Assert.Empty(stage.Atp("8").OpenMessages);
        stage.Do("8", Send("@operator", MessageType.HITLNotification), "@pm");
        Assert.Single(stage.Atp("8").OpenMessages);
        stage.Pass(TimeSpan.FromHours(25));
        Assert.Empty(stage.Atp("8").OpenMessages);
        Assert.DoesNotContain(stage.Events, one => one.Event is MessageOverdue);
    }

    [Fact]
    public void The_same_message_again_within_half_an_hour_is_warned_of()
    {
        Assert.Empty(stage.Do("8", Send("@dev", MessageType.StatusUpdate), "@pm").Warnings);
        Assert.Contains("msg-8-1 said the same", Assert.Single(stage.Do("8", Send("@dev", MessageType.StatusUpdate), "@pm").Warnings), Ordinal);
        stage.Pass(TimeSpan.FromMinutes(31));
        Assert.Empty(stage.Do("8", Send("@dev", MessageType.StatusUpdate), "@pm").Warnings);
    }

    [Theory]
    [InlineData("ATP-8")]
    [InlineData("AT-01-08")]
    [InlineData("AT-8")]
    public void An_id_that_resembles_another_is_told_of_it(string id)
    {
        Assert.Equal(["8"], stage.Refused(Rules.AtpUnknown, id, new ChangeStatus("InProgress"), "@dev").Allowed.AsEnumerable());
        Assert.Contains("There is also 8", Assert.Single(stage.Do(id, new SetAtp("InProgress"), "@pm").Warnings), Ordinal);
    }

    [Fact]
    public void The_details_of_a_message_stand_in_it()
    {
        stage.Do("8", Send("@dev", MessageType.Directive) with { Details = Details(("deadline", "2026-11-21T04:00:00Z")) }, "@pm");
        Assert.EndsWith("**deadline:** 2026-11-21T04:00:00Z\n", stage.Events.Select(one => one.Event).OfType<MessageSent>().Single().Body, Ordinal);
        Assert.Equal(stage.Now.AddHours(1), stage.Clocks[(ActorId.Atp("8"), "ack:1")].Due);
    }

    [Fact]
    public void Messages_without_an_ATP_have_one_for_all()
    {
        stage.Do(AtpDecider.General, Send("@dev", MessageType.Directive), "@operator");
        stage.Do(AtpDecider.General, Send("@pm", MessageType.StatusUpdate), "@operator");
        Assert.Equal((2, null), (stage.Atp(AtpDecider.General).OpenMessages.Count, stage.Atp(AtpDecider.General).Owner));
        stage.Do(AtpDecider.General, new AcknowledgeMessage(1), "@dev");
    }

    [Theory]
    [InlineData("qa_request", MessageType.QARequest)]
    [InlineData("QA Approval", MessageType.QAApproval)]
    [InlineData("HITL", MessageType.HITLNotification)]
    [InlineData("QAEscalation", MessageType.Escalation)]
    [InlineData("ScopeAlert", MessageType.ScopeChange)]
    [InlineData("Acknowledgement", MessageType.Acknowledgment)]
    [InlineData("hitlnotification", MessageType.HITLNotification)]
    public void Types_are_read_in_any_spelling(string text, MessageType type)
    {
        Assert.True(MessageTypes.TryParse(text, out var read));
        Assert.Equal(type, read);
        Assert.False(MessageTypes.TryParse("Sonnet", out _));
    }

    [Fact]
    public void Every_type_has_a_meaning_and_no_name_is_used_twice()
    {
        Assert.Equal(Enum.GetValues<MessageType>().Order(), MessageTypes.All.Select(meaning => meaning.Type).Order());
        var names = MessageTypes.All.SelectMany(meaning => (string[])[meaning.Type.ToString(), .. meaning.Also]);
        Assert.DoesNotContain(names.CountBy(name => name.ToLowerInvariant()), same => same.Value > 1);
    }

    [Theory]
    [InlineData("P1-Critical", Priority.P1)]
    [InlineData("P2-High", Priority.P2)]
    [InlineData("P3-Informational", Priority.P3)]
    [InlineData("P4-Low", Priority.P3)]
    [InlineData("Medium", Priority.P2)]
    [InlineData("urgent", Priority.P0)]
    [InlineData("p0", Priority.P0)]
    public void Priorities_are_one_scale(string text, Priority priority)
    {
        Assert.True(Priorities.TryParse(text, out var read));
        Assert.Equal(priority, read);
        Assert.False(Priorities.TryParse("P9", out _) || Priorities.TryParse("P3x", out _) || Priorities.TryParse("soon", out _));
    }

    [Fact]
    public void A_state_is_found_in_any_spelling()
    {
        var flow = FlowSet.Shipped.Find("standard")!;
        string[] spellings = ["in_progress", "In Review", "DONE", "reviewed"];
        Assert.Equal(["InProgress", "InReview", "Complete", "Verified"], spellings.Select(name => flow.State(name)?.Name));
        Assert.Null(flow.State("Nowhere"));
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static SendMessage Send(string to, MessageType type) => new(to, type, null, "About it", "Text");

    private static ImmutableSortedDictionary<string, string> Details(params IEnumerable<(string Name, string Value)> details) =>
        details.ToImmutableSortedDictionary(one => one.Name, one => one.Value);
}
