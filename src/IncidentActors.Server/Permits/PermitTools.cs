using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Permits;

public sealed record PermitRequestArguments
{
    [Description("What is to be done outside, such as 'deploy', 'push', 'sql'."), JsonConverter(typeof(PermitWord))]
    public required string Action { get; init; }

    [Description("The service that it changes."), JsonConverter(typeof(PermitWord))]
    public string? Target { get; init; }

    [Description("Such as 'production'."), JsonConverter(typeof(PermitWord))]
    public string? Environment { get; init; }

    [Description("Of exactly what is done: an image's digest, or the SHA-256 of a command."), JsonConverter(typeof(PermitWord))]
    public string? Digest { get; init; }

    [Description("The ATP that it is part of; the halt of its own incident does not stop it."), JsonConverter(typeof(IdText))]
    public string? AtpId { get; init; }

    [Description("How long it is wanted; at most, and when left out, what the policy gives.")]
    public int? Seconds { get; init; }

    [Description("The enforcement point that holds it: guard, hook, gateway, gate, git."), JsonConverter(typeof(PermitWord))]
    public string? Path { get; init; }
}

public sealed record PermitRenewArguments
{
    [JsonConverter(typeof(IdText))]
    public required string PermitId { get; init; }
}

public sealed record PermitEndArguments
{
    [JsonConverter(typeof(IdText))]
    public required string PermitId { get; init; }

    [Description("'done', 'failed', or 'unknown', which is shown until it is settled."), JsonConverter(typeof(PermitOutcomeText))]
    public required PermitOutcome Outcome { get; init; }

    [MaxLength(1000)]
    public string? Notes { get; init; }
}

/// <summary>One word of a permit, <see cref="RequestPermit.IsWord"/>.</summary>
public sealed class PermitWord : TextConverter<string>
{
    protected override string Expected => RequestPermit.WordForm;

    protected override bool TryRead(string text, out string value)
    {
        value = text.Trim();
        return RequestPermit.IsWord(value);
    }
}

public sealed class PermitOutcomeText : TextConverter<PermitOutcome>
{
    protected override string Expected => "'done', 'failed' or 'unknown'";

    protected override bool TryRead(string text, out PermitOutcome value) =>
        Enum.TryParse(text.Trim(), ignoreCase: true, out value) && Enum.IsDefined(value) && text.Trim().All(char.IsAsciiLetter);

    public override void Write(Utf8JsonWriter writer, PermitOutcome value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString().ToLowerInvariant());
}

internal static class PermitTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<PermitRequestArguments>(
            new(
                "permit_request",
                "Ask for a permit",
                "Before you do something outside (deploy, push, SQL): asks whether it may start now. The permit ends at its time or at a halt; stop the "
                + "action then. Renew it while the action runs, and end it with permit_end.",
                Destructive: true),
            typeof(PermitView), RequestAsync, CommandAccess.To<PermitRequestArguments>(given => Touched.Named(given.AtpId, ActorId.Atp))),
        Tool.Of<PermitRenewArguments>(
            new("permit_renew", "Renew a permit", "The action continues: the permit is renewed for its full time. Refused once a halt has ended it."),
            typeof(PermitView), RenewAsync, CommandAccess.To<PermitRenewArguments>(given => [ActorId.Permit(given.PermitId)])),
        Tool.Of<PermitEndArguments>(
            new(
                "permit_end",
                "End a permit",
                "The action is over: done, failed, or unknown. An unknown one is settled by its holder, the operator or the incident's commander.",
                Idempotent: true),
            typeof(PermitView), EndAsync, CommandAccess.To<PermitEndArguments>(given => [ActorId.Permit(given.PermitId)])),
    ];

    private static Task<Outcome> RequestAsync(ToolCall call, PermitRequestArguments given) => call.Engine.Permits.RequestAsync(
        new RequestPermit(given.Action, given.Target, given.Environment, given.Digest, given.AtpId, given.Seconds, given.Path), call.Call);

    private static Task<Outcome> RenewAsync(ToolCall call, PermitRenewArguments given) =>
        call.Engine.Permits.DoAsync(given.PermitId, new RenewPermit(), call.Call);

    private static Task<Outcome> EndAsync(ToolCall call, PermitEndArguments given) =>
        call.Engine.Permits.DoAsync(given.PermitId, new EndPermit(given.Outcome, given.Notes), call.Call);
}
