using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Runbooks;
using IncidentActors.Server.Agents;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Events;
using IncidentActors.Server.Flows;
using IncidentActors.Server.Halts;
using IncidentActors.Server.Health;
using IncidentActors.Server.Incidents;
using IncidentActors.Server.Knowledge;
using IncidentActors.Server.PagerDuty;
using IncidentActors.Server.Permits;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Routes;
using IncidentActors.Server.Runbooks;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Json;

/// <summary>Source-generated metadata of what only the server reads and writes: nothing is looked up by reflection at start.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AlertmanagerPayload))]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(RouteTestArguments))]
[JsonSerializable(typeof(RouteTestAnswer))]
[JsonSerializable(typeof(Page<RouteRuleView>))]
[JsonSerializable(typeof(InboxArguments))]
[JsonSerializable(typeof(ApprovalListArguments))]
[JsonSerializable(typeof(ApprovalDecideArguments))]
[JsonSerializable(typeof(AtpCreateArguments))]
[JsonSerializable(typeof(AtpSetArguments))]
[JsonSerializable(typeof(AtpChangeStatusArguments))]
[JsonSerializable(typeof(AtpCloseArguments))]
[JsonSerializable(typeof(ArtifactCreateArguments))]
[JsonSerializable(typeof(AtpGetArguments))]
[JsonSerializable(typeof(AtpListArguments))]
[JsonSerializable(typeof(MessageSendArguments))]
[JsonSerializable(typeof(MessageAckArguments))]
[JsonSerializable(typeof(HandoffArguments))]
[JsonSerializable(typeof(GovernanceArguments))]
[JsonSerializable(typeof(UowGetArguments))]
[JsonSerializable(typeof(ArtifactView))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(Page<EventView>))]
[JsonSerializable(typeof(Page<FlowView>))]
[JsonSerializable(typeof(HaltRaiseArguments))]
[JsonSerializable(typeof(HaltStatusArguments))]
[JsonSerializable(typeof(HaltAckArguments))]
[JsonSerializable(typeof(HaltLiftArguments))]
[JsonSerializable(typeof(HaltRehearseArguments))]
[JsonSerializable(typeof(RehearsalView))]
[JsonSerializable(typeof(PermitRequestArguments))]
[JsonSerializable(typeof(PermitRenewArguments))]
[JsonSerializable(typeof(PermitEndArguments))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(IncidentDeclareArguments))]
[JsonSerializable(typeof(IncidentGetArguments))]
[JsonSerializable(typeof(IncidentNextArguments))]
[JsonSerializable(typeof(IncidentUpdateArguments))]
[JsonSerializable(typeof(KnowledgeSearchArguments))]
[JsonSerializable(typeof(KnowledgeImportArguments))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PagerDutyAnswer))]
[JsonSerializable(typeof(RunbookListArguments))]
[JsonSerializable(typeof(RunbookProposeArguments))]
[JsonSerializable(typeof(RunbookDecideArguments))]
[JsonSerializable(typeof(RunbookRunArguments))]
[JsonSerializable(typeof(Page<RunbookView>))]
[JsonSerializable(typeof(SubscriptionArguments))]
[JsonSerializable(typeof(SubscriptionView))]
[JsonSerializable(typeof(Page<SubscriptionView>))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(Page<DeliveryView>))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(TokenCreateArguments))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(Page<TokenView>))]
[JsonSerializable(typeof(Page<AccessEntry>))]
[JsonSerializable(typeof(Page<ToolView>))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(ImmutableArray<MessageView>))]
[JsonSerializable(typeof(ImmutableArray<HaltNotice>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ServerJsonContext : JsonSerializerContext;
